"""Trade fairs where social enterprises show what they make."""
