"""Event logs as people mail them: lists, objects, texts copied from a screen."""
