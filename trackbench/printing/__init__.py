"""What is printed for people: names made harmless, amounts in words, tables of any width."""
