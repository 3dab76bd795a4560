"""Settings: one typed object, read from MULIN_* variables; production refuses unsafe defaults."""

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.system import setting_checks, web_addresses
from services.system.web_addresses import Address

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"


class UnsafeSettings(RuntimeError):
    """A setting can't be used. ``message`` is a catalogue key that says what to write, ``params`` fill it."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message.format(**params))
        self.message = message
        self.params = params


class Settings(BaseSettings):
    """Everything an operator may set. ``mode`` is ``demo`` until somebody says ``production``."""

    model_config = SettingsConfigDict(env_prefix="MULIN_", env_file=".env", extra="ignore")

    mode: str = "demo"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'mulin.db'}"
    key: str = setting_checks.PUBLISHED_KEY
    port: int = 8501
    processes: int = 0
    timezone: str = "Asia/Shanghai"
    session_hours: int = 8
    idle_minutes: int = 120
    code_hours: int = 24
    secure_cookie: bool = False
    public_address: str = ""
    sockets_per_account: int = 20
    sockets_per_address: int = 200
    backup_folder: Path = ROOT / "var" / "backups"
    upload_folder: Path = ROOT / "var" / "uploads"
    local_folder: Path = ROOT / "var" / "local"
    work_folder: Path = ROOT / "var" / "work"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_label: str = "OIDC"
    tiles_url: str = ""
    tiles_attribution: str = ""
    open311: bool = False
    open311_contact: str = ""

    @property
    def demo(self) -> bool:
        """Whether demo identities and sample data are allowed."""
        return self.mode == "demo"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the office: days and deadlines are counted in it."""
        return ZoneInfo(self.timezone)

    @property
    def public_addresses(self) -> tuple[Address, ...]:
        """What people write into their browsers to come here, where it is not a name of this machine itself."""
        try:
            return web_addresses.parse_all(self.public_address)
        except ValueError:
            raise UnsafeSettings(setting_checks.PUBLIC) from None

    @property
    def published_key(self) -> bool:
        """Whether the key is the one that anybody can read in the program."""
        return self.key == setting_checks.PUBLISHED_KEY

    def check(self) -> None:
        """Raise UnsafeSettings for the first setting that can't be used, or that production must not run on."""
        for message, params in setting_checks.faults(self):
            raise UnsafeSettings(message, **params)


@lru_cache
def settings() -> Settings:
    """Read the settings once per process; UnsafeSettings where one is no number, or no yes or no."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name, value = setting_checks.variable(str(fault["loc"][0])), str(fault.get("input"))[:40]
        message = setting_checks.UNREADABLE.get(fault["type"], setting_checks.OTHERWISE)
        raise UnsafeSettings(message, name=name, value=value) from None
