"""The file of a form: taken in once it was accepted, whatever else has to be corrected."""

import hmac
from typing import Any
from uuid import UUID

from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from app.accounts.current import current_person
from app.core.context import current_city
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.core.ids import keyed_hash
from app.services.files.uploads import Upload, shown_upload, store_upload
from app.web.limits import limit

RATE = "120 per hour"


class UploadField(Field):  # type: ignore[misc]
    """A file for a declared use; `data` is its id, None without one.

    What was accepted is kept in a hidden field, under a seal that only its sender gets, so that nobody can name the file
    of somebody else. Shown by the macro `upload_field`.
    """

    widget = FileInput()
    data: UUID | None

    def __init__(self, label: str = "", validators: Any = None, *, use: str, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.use = use
        self._came: Any = None

    def process(self, formdata: Any, *rest: Any, **options: Any) -> None:
        """Take the chosen file, or the one kept from before."""
        super().process(formdata, *rest, **options)
        if formdata is None:
            return
        self._came = next((one for one in formdata.getlist(self.name) if getattr(one, "filename", "")), None)
        if f"{self.name}-remove" in formdata:
            self.data = None
        elif kept := formdata.get(f"{self.name}-kept", ""):
            self.data = self._unsealed(kept)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave `data` as it is: a file is taken in when the form is checked."""

    def pre_validate(self, _form: Any) -> None:
        """Store what was chosen at once, so that it need not be chosen again."""
        if self._came is None:
            return
        person = current_person()
        try:
            limit("upload", RATE, *([person.id] if person is not None else []))
            self.data = store_upload(self._came.stream, self._came.filename, self.use).id
            # A form with a mistake is rolled back, and this file has to be there when it comes again. Forms are checked
            # before anything else is written; a file that nothing takes goes after two days.
            db.session.commit()
        except ServiceError as error:
            raise StopValidation(str(error)) from error

    @property
    def chosen(self) -> Upload | None:
        """Return the file there will be."""
        if self.data is None:
            return None
        try:
            return shown_upload(self.data)
        except NotFound:
            return None

    @property
    def seal(self) -> str:
        """Return what the hidden field holds."""
        return f"{self.data}.{self._signature(self.data)}" if self.data is not None else ""

    def _unsealed(self, kept: str) -> UUID | None:
        try:
            ident = UUID(kept.partition(".")[0])
        except ValueError:
            return None
        signed = hmac.compare_digest(kept.partition(".")[2].encode(), self._signature(ident).encode())
        return ident if signed else None

    def _signature(self, ident: UUID) -> str:
        person = current_person()
        who = person.id if person is not None else ""
        parts = (current_city().id.encode(), self.use.encode(), ident.bytes, who.encode())
        return keyed_hash("kept upload", *parts).hex()
