"""`tidewaiter db`: bring advisory data in, build and hand it on, tell what is there."""

from cyclopts import App

from tidewaiter.cli.db_build import db_build
from tidewaiter.cli.db_files import db_diff, db_export, db_rollback, db_sign, db_verify, key
from tidewaiter.cli.db_import import db_import
from tidewaiter.cli.db_status import db_status
from tidewaiter.cli.db_update import db_update

app = App(name="db", help="Bring advisory data here, build it, and tell its state.")
app.command(db_update, name="update")
app.command(db_import, name="import")
app.command(db_build, name="build")
app.command(db_status, name="status")
app.command(db_verify, name="verify")
app.command(db_diff, name="diff")
app.command(db_export, name="export")
app.command(db_rollback, name="rollback")
app.command(db_sign, name="sign")
app.command(key)
