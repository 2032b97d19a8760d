"""Importers: one module a format family; each identifies a document and reads it to drafts."""
