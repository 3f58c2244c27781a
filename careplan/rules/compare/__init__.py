"""What differs between versions of rulesets: in words, from version to version, and for people."""
