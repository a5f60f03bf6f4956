"""The kinds of attacks, a module for each subject."""
