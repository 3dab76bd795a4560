"""Issue 事项: raised, filed, recognised as known already, held, followed up."""
