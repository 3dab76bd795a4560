import pytest

from services.system.errors import NotFound
from ui.web import signin


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("account", ["", "x", "-1", "²", "0", "9" * 9, "9" * 10, "9" * 19, "9" * 5000])
def test_an_account_that_is_none_is_not_found(account: str) -> None:
    with pytest.raises(NotFound):
        signin._demo_token(account, "")
