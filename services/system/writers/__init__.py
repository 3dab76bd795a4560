"""Writers: what is written anew where the database broke it off, and what is written later because nobody waits."""
