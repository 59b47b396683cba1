"""What is stored: chunks of predictions and truth, their records, the writer, and reading back."""
