"""Settings: one typed object, read from MULIN_* variables; production refuses unsafe defaults."""

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.system import web_addresses
from services.system.web_addresses import Address

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
_UNSAFE_KEY = "demo-key-change-me"


class UnsafeSettings(RuntimeError):
    """Production was asked for with a default that anybody knows."""


class Settings(BaseSettings):
    """Everything an operator may set. ``mode`` is ``demo`` until somebody says ``production``."""

    model_config = SettingsConfigDict(env_prefix="MULIN_", env_file=".env", extra="ignore")

    mode: str = "demo"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'mulin.db'}"
    key: str = _UNSAFE_KEY
    port: int = 8501
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
            raise UnsafeSettings(
                "Write into MULIN_PUBLIC_ADDRESS what people write to come here, such as https://mulin.example.gov.cn,"
                " with nothing after it; several with commas between them."
            ) from None

    def check(self) -> None:
        """Raise UnsafeSettings where production runs on a default; says which variable to set."""
        if self.mode not in ("demo", "production"):
            raise UnsafeSettings("MULIN_MODE must be 'demo' or 'production'.")
        _ = self.public_addresses
        if min(self.sockets_per_account, self.sockets_per_address) < 1:
            raise UnsafeSettings("MULIN_SOCKETS_PER_ACCOUNT and MULIN_SOCKETS_PER_ADDRESS must be at least 1.")
        if self.demo:
            return
        if self.key == _UNSAFE_KEY or len(self.key) < 32:
            raise UnsafeSettings("Set MULIN_KEY to a secret of at least 32 characters before running in production.")
        if self.oidc_issuer and not self.oidc_client_secret:
            raise UnsafeSettings("Set MULIN_OIDC_CLIENT_SECRET, or remove MULIN_OIDC_ISSUER.")


@lru_cache
def settings() -> Settings:
    """Read the settings once per process."""
    return Settings()
