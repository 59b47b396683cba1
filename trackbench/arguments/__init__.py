"""What a caller gives to a function of the library, held to what the function can take."""
