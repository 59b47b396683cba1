"""Results of other toolkits: read from their files, and written as they write them."""
