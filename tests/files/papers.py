"""Files as people send them, made small."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ODF = "application/vnd.oasis.opendocument."


def picture(kind="PNG", size=(30, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (9, 99, 199)).save(out, kind, **options)
    return out.getvalue()


def zipped(parts, *, compress=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for name, content in parts.items():
            plain = zipfile.ZIP_STORED if name == "mimetype" else compress
            archive.writestr(name, content, compress_type=plain)
    return out.getvalue()


def odt(**more):
    return zipped({"mimetype": ODF + "text", "content.xml": "<x/>", **more})


def ods():
    return zipped({"mimetype": ODF + "spreadsheet", "content.xml": "<x/>"})


def docx(**more):
    return zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>", **more})


def xlsx():
    return zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"})
