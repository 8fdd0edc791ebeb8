"""How engines weigh what was found, so that they rank alike."""

OWN_LANGUAGE = 100.0  # added for each word found in the reader's language: those hits come first
CONCEPT = 0.01  # score of a concept that is certain
TIE = 0.1  # share of the weaker fields in the score of a word
