"""What can be brought: looked up, loaded, built, held to the contract, and identified by a hash."""
