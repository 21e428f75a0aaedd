"""Operations: one change of many jobs, made in batches by a worker, with progress, cancellation, retry and undo.

The operation's own row steers it (`batches.py`): a batch is one statement, which locks that row, changes the next jobs
and moves the cursor. Procrastinate only wakes a worker up (`tasks.py`), and may do so twice or too late.
"""
