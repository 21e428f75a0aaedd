"""`make load`: half an hour of everything at once, and what must hold all the while: no error, nothing lost, memory flat."""
