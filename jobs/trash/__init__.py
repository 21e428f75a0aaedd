"""The trash: deleted jobs with their histories, until they are restored or it is emptied. `changes` moves jobs into it."""
