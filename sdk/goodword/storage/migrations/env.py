"""Runs the migrations on the connection that `goodword.storage.migrating` brings."""

from alembic import context

branch = context.config.attributes["branch"]

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=branch.metadata,
    version_table=branch.table,
    include_name=lambda name, kind, parents: kind != "table" or str(name).startswith(branch.prefix),
    # The caller owns the transaction, and the lock.
    transactional_ddl=False,
)
context.run_migrations()
