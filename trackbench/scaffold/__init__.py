"""What a third party writes, to begin with: a plugin file or a package that runs at once."""
