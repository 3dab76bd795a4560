"""What somebody who guesses would try: words in pinyin, and keys that only look as if they were made by chance."""
