"""The one verb: documents in."""
