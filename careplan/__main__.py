"""``python -m careplan``: the command line."""

from careplan.cli.main import main

if __name__ == "__main__":
    main()
