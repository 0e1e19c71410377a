"""A run over many exports: tasks, batches and their order, the pool of workers, the lock."""
