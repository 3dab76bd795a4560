"""The `user` commands."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.terminal.sentences import _, database, operator, plainly

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.account import Account

users = typer.Typer(help="Accounts: who may sign in, as what, and where.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The sign-in name.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@users.command("add")
@plainly
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="Shown beside everything done with the account.")],
    role: Annotated[str, typer.Option(help="admin, secretary, staff, grid_worker, unit_clerk or viewer.")],
    area: Annotated[str, typer.Option(help="Code of the area it is for. Without one: everywhere.")] = "",
    unit: Annotated[str, typer.Option(help="Code of the unit it answers for; a unit clerk needs one.")] = "",
    subject: Annotated[str, typer.Option(help="Its subject at the OIDC provider, to sign in there.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Make an account. The password is asked for, unless the account signs in through OIDC."""
    from services.people import accounts

    password = None if subject and not password_stdin else _password(password_stdin)
    with database(writing=True) as session:
        accounts.create(
            session,
            operator(),
            login=login,
            name=name,
            role=role,
            password=password,
            area_id=_area_id(session, area),
            organisation_id=_unit_id(session, unit),
            subject=subject or None,
        )
    typer.echo(_("The account {login} is made.", login=login))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(_("Password"), hide_input=True, confirmation_prompt=True))


def _area_id(session: "Session", code: str) -> int | None:
    from sqlmodel import select

    from models.area import Area
    from services.system.errors import NotFound

    found = session.exec(select(Area.id).where(Area.code == code)).first() if code else None
    if code and found is None:
        raise NotFound("There is no area {code}. Check the code on the page of the area.", code=code)
    return found


def _unit_id(session: "Session", code: str) -> int | None:
    from sqlmodel import select

    from models.organisation import Organisation
    from services.system.errors import NotFound

    found = session.exec(select(Organisation.id).where(Organisation.code == code)).first() if code else None
    if code and found is None:
        raise NotFound("There is no unit {code}. Check the code in the list of organisations.", code=code)
    return found


@users.command("list")
@plainly
def show() -> None:
    """List all accounts: sign-in name, role, active or closed, demo, name."""
    from sqlmodel import col, select

    from models.account import Account

    with database() as session:
        for one in session.exec(select(Account).order_by(col(Account.login))):
            state = _("active") if one.active else _("closed")
            typer.echo("\t".join((one.login, one.role, state, "demo" if one.demo else "", one.name)))


@users.command("password")
@plainly
def password(login: Login, password_stdin: FromStdin = False) -> None:
    """Give an account a new password, for its owner to change at once; who came in with the old one is out."""
    from services.people import accounts

    new = _password(password_stdin)
    with database(writing=True) as session:
        accounts.set_password(session, operator(), _account(session, login), new)
    typer.echo(_("The account {login} has a new password.", login=login))


@users.command("code")
@plainly
def code(login: Login) -> None:
    """Give an account a one-time code in the place of a forgotten password. It is printed once and opens once."""
    from services.people import codes

    with database(writing=True) as session:
        new = codes.issue(session, operator(), _account(session, login))
    typer.echo(_("One-time code for {login}, to be told its owner: {code}", login=login, code=new))


@users.command("sign-out")
@plainly
def sign_out(login: Login) -> None:
    """End every sign-in of an account."""
    from services.people import signins
    from services.rights import audit

    with database(writing=True) as session:
        account = _account(session, login)
        signins.revoke_all(session, account)
        audit.write(session, operator(), "sign_out.everywhere", account.login)
    typer.echo(_("The account {login} is signed out everywhere.", login=login))


@users.command("deactivate")
@plainly
def deactivate(login: Login) -> None:
    """Close an account. What it did stays on record."""
    from services.people import accounts

    with database(writing=True) as session:
        accounts.deactivate(session, operator(), _account(session, login))
    typer.echo(_("The account {login} is closed.", login=login))


def _account(session: "Session", login: str) -> "Account":
    from services.people import accounts
    from services.system.errors import NotFound

    found = accounts.by_login(session, login)
    if found is None:
        raise NotFound("There is no account {login}. See: python manage.py user list", login=login)
    return found
