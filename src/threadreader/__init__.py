"""threadreader: long comment threads, restored from saved documents and read from the keyboard."""

__version__ = "0.1.0"
