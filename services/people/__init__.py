"""People: who may come in: accounts, passwords, sign-ins."""
