"""What Alembic runs: it is given a connection and the tables by `lms.kit.migrating`."""

from alembic import context

from lms.kit import db, migrating

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.Base.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=migrating.render_item,
    transaction_per_migration=False,
)
context.run_migrations()
