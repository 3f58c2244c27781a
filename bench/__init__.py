"""What careplan costs, side by side with other ways of doing the same: ``make bench``."""
