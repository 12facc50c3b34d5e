import zipfile

import pytest

from tests.e2e.steps import in_menu

pytestmark = pytest.mark.browser


def test_an_administrator_takes_everything_the_city_has_with_her(new_city, person, scripts):
    city = new_city("Copthorne")
    mayor = person(scripts=scripts, city=city, role="administrator")
    mayor.open(city, "/admin/")
    in_menu(mayor, "Settings")
    mayor.follow("Export the city")
    mayor.sees("Export the city")
    mayor.finds_nothing_wrong()
    mayor.press("Prepare the export")
    mayor.reads("The export is ready")
    mayor.finds_nothing_wrong()
    with mayor.page.expect_download() as coming:
        mayor.follow("Download the export")
    assert coming.value.suggested_filename.startswith(f"{city}-")
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert archive.testzip() is None
        people = next(name for name in archive.namelist() if name.endswith("account.csv"))
        assert f"administrator@{city}.example" in archive.read(people).decode()
