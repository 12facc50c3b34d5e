"""Files of a city: pictures that pages show, and what people send, checked by content and given out by signed links."""

from app.services.files import holding, tasks
from app.services.files.kinds import ANYTHING, DOCUMENTS, PICTURES, TABLES, Kind
from app.services.files.links import signed_link
from app.services.files.pictures import FILE_NAME, image_size, open_image, store_image
from app.services.files.uploads import (
    Upload,
    attach_upload,
    forget_upload,
    read_upload,
    shown_upload,
    store_upload,
)
from app.services.files.uses import serves

__all__ = [
    "ANYTHING",
    "DOCUMENTS",
    "FILE_NAME",
    "PICTURES",
    "TABLES",
    "Kind",
    "Upload",
    "attach_upload",
    "forget_upload",
    "holding",
    "image_size",
    "open_image",
    "read_upload",
    "serves",
    "shown_upload",
    "signed_link",
    "store_image",
    "store_upload",
    "tasks",
]
