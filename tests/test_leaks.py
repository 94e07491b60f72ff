"""Is everything that an edition withholds found in a finished file, wherever it hides?

Each leak is planted in Guatemala's handout, and what it tells must be found by the very proof
that is there for it.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from urllib.parse import quote, quote_plus

import pikepdf
import pytest
from PIL import Image

from report_build import labels, templates
from report_build.document import Document
from report_build.pandoc import Pandoc
from report_build.proofs import Failure, prove
from report_build.proofs.listing import prove_lists
from report_build.proofs.subject import Subject
from report_build.schedule import prepare
from report_build.settings import Settings
from report_build.workshop import Job, make
from support import ROOT, checked

SECRET = "The patrol plan Kestrel starts at the northern bridge on the third night."
RUN = "patrol plan Kestrel starts at the northern bridge on"
TITLE = "Northern bridge patrols"
CELL = "Eleven armed boats"
LABEL = "Boats kept ready at night"
TEXT = f"""---
date: 2026-03-12
figures:
  boats-hnd: {{value: 11, unit: boats, country: hnd, label: {LABEL}}}
---

# Guatemala {{#sec-gt audience="gtm"}}

Words for one delegation; see @sec-hn-patrols and [itself](#sec-gt).[^n]

| Place | Count |
|-------|------:|
| Town  |     4 |

: Counts of the town {{#tbl-town}}

See @tbl-town.

[^n]: A note.

# {TITLE} {{#sec-hn-patrols audience="hnd"}}

{SECRET}

| Place        | What    |
|--------------|---------|
| {CELL} | Bridges |

: Counts of the bridge {{#tbl-bridge}}
"""
FORMS = ("html", "pdf", "docx", "epub")


@cache
def made(form: str) -> tuple[bytes, Subject]:
    """Guatemala's handout in a format, and what is to be proved of it."""
    with Pandoc() as pandoc:
        found = checked(TEXT, pandoc)
    assert not found.failed, found.diagnostics
    settings = Settings(templates.load().folders, ROOT / ".cache" / "report-build")
    document: Document = next(d for d in found.editions if d.edition and d.edition.id == "gtm")
    ready = prepare(found, document, settings)
    job = Job(form, ready.document, ready.around, ready.about, {}, {}, settings)
    result = make(job)
    assert result.failures == ()
    return result.content, ready.about


def failures(form: str, content: bytes) -> list[Failure]:
    return list(prove(form, content, made(form)[1]))


# --------------------------------------------------------------------- how it is planted

Plant = Callable[[bytes], bytes]


def page(old: str, new: str) -> Plant:
    """Something replaced in a page."""

    def planted(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return planted


def part(name: str, old: str, new: str) -> Plant:
    """Something replaced in a part of an archive; a part that is not there is added."""

    def planted(content: bytes) -> bytes:
        result = io.BytesIO()
        done = False
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
            for item in source.infolist():
                data = source.read(item)
                if item.filename == name:
                    assert old.encode() in data, data[:400]
                    data, done = data.replace(old.encode(), new.encode(), 1), True
                target.writestr(item, data)
            if not done:
                assert not old
                target.writestr(zipfile.ZipInfo(name), new.encode("latin-1"))
        return result.getvalue()

    return planted


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Plant:
    """A PDF changed by a function."""

    def planted(content: bytes) -> bytes:
        result = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as opened:
            change(opened)
            opened.save(result)
        return result.getvalue()

    return planted


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    result = io.BytesIO()
    Image.new("RGB", (8, 8)).save(result, "JPEG", exif=exif)
    return result.getvalue()


def archive(name: str, text: str) -> str:
    """A compressed archive with one file."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text)
    return result.getvalue().decode("latin-1")


def zipped(change: Callable[[zipfile.ZipFile], None]) -> Plant:
    """An archive changed by a function."""

    def planted(content: bytes) -> bytes:
        result = io.BytesIO(content)
        with zipfile.ZipFile(result, "a") as file:
            change(file)
        return result.getvalue()

    return planted


SHY, ZERO = "\u00ad", "\u200b"
ENTITIES = "".join(f"&#{ord(c)};" for c in SECRET)
ESCAPES = "".join(f"\\u{ord(c):04x}" for c in SECRET)
CSS_ESCAPES = "".join(f"\\{ord(c):x} " for c in SECRET)
BASE64 = base64.b64encode(SECRET.encode()).decode()
HEX = f"<FEFF{SECRET.encode('utf-16-be').hex()}>"
SPACED = "BT /Leak 9 Tf 20 20 Td " + " ".join(f"({c}) Tj 14 0 Td" for c in SECRET) + " ET"
PHOTO = photo().decode("latin-1")
PHOTO_URI = "data:image/jpeg;base64," + base64.b64encode(photo()).decode()
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{SECRET}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>"""

HTML: dict[str, tuple[str, Plant]] = {
    "text": ("disclosure", page("</main>", f"<p>{SECRET}</p></main>")),
    "split over elements": ("disclosure", page("</main>", f"<p>{SECRET.replace(' plan', ' <b>plan</b>')}</p></main>")),
    "hidden": ("disclosure", page("</main>", f'<p style="display:none">{SECRET}</p></main>')),
    "comment": ("disclosure", page("</main>", f"<!-- {SECRET} --></main>")),
    "title attribute": ("disclosure", page("</main>", f'<i title="{SECRET}">x</i></main>')),
    "alt": ("disclosure", page("</main>", f'<img alt="{SECRET}" src="data:,"></main>')),
    "data attribute": ("disclosure", page("</main>", f'<i data-note="{SECRET}">x</i></main>')),
    "aria label": ("disclosure", page("</main>", f'<i aria-label="{SECRET}">x</i></main>')),
    "description": ("disclosure", page("<title>", f'<meta name="description" content="{SECRET}"><title>')),
    "script": ("disclosure", page("</main>", f"</main><script>var x = '{SECRET}'</script>")),
    "json-ld": ("disclosure", page("</main>", f'</main><script type="application/ld+json">{json.dumps({"a": SECRET})}</script>')),
    "css content": ("disclosure", page("</style>", f'p::after {{ content: "{SECRET}" }}</style>')),
    "template": ("disclosure", page("</main>", f"</main><template><p>{SECRET}</p></template>")),
    "id": ("disclosure", page("</main>", '<p id="sec-hn-patrols"></p></main>')),
    "class": ("disclosure", page("</main>", '<p class="sec-hn-patrols"></p></main>')),
    "link's fragment": ("disclosure", page("</main>", '<a href="../full/x.html#sec-hn-patrols">x</a></main>')),
    "title of a section": ("disclosure", page("</nav>", f"<a href='#sec-gt'>{TITLE}</a></nav>")),
    "cell": ("disclosure", page("</main>", f"<p>{CELL.upper()}</p></main>")),
    "figure of the ledger": ("disclosure", page("</main>", f"<p>{LABEL}</p></main>")),
    "picture's exif": ("disclosure", page("</main>", f'<img alt="x" src="{PHOTO_URI}"></main>')),
    "picture's metadata": ("traces", page("</main>", f'<img alt="x" src="{PHOTO_URI}"></main>')),
    "svg": ("disclosure", page("</main>", f"<svg><desc>{SECRET}</desc></svg></main>")),
    "accents": ("disclosure", page("</main>", f"<p>{SECRET.replace('night', 'níght').replace('plan', 'plán')}</p></main>")),
    "one word per element": ("disclosure", page("</main>", "<p>" + "".join(f"<i>{w}</i>" for w in SECRET.split()) + "</p></main>")),
    "one letter per element": ("disclosure", page("</main>", "<p>" + "".join(f"<i>{c}</i> " for c in SECRET) + "</p></main>")),
    "soft hyphens": ("disclosure", page("</main>", f"<p>{SHY.join(SECRET)}</p></main>")),
    "zero-width spaces": ("disclosure", page("</main>", f"<p>{ZERO.join(SECRET)}</p></main>")),
    "entities in a comment": ("disclosure", page("</main>", f"<!-- {ENTITIES} --></main>")),
    "address": ("disclosure", page("</main>", f'<a href="https://example.org/?q={quote(SECRET)}">x</a></main>')),
    "form in an address": ("disclosure", page("</main>", f'<a href="https://example.org/?q={quote_plus(SECRET)}">x</a></main>')),
    "data address": ("disclosure", page("</main>", f'<a href="data:text/plain;base64,{BASE64}">x</a></main>')),
    "base64 in a script": ("disclosure", page("</main>", f"</main><script>atob('{BASE64}')</script>")),
    "escapes of a script": ("disclosure", page("</main>", f"</main><script>x = '{ESCAPES}'</script>")),
    "escapes of a style": ("disclosure", page("</style>", f"p::after {{ content: '{CSS_ESCAPES}' }}</style>")),
    "own property of css": ("disclosure", page("</main>", f'<p style="--note: {SECRET}">x</p></main>')),
    "page in a page": ("disclosure", page("</main>", f'<iframe srcdoc="<p>{SECRET}</p>"></iframe></main>')),
    "without scripts": ("disclosure", page("</main>", f"<noscript>{SECRET}</noscript></main>")),
    "placeholder": ("disclosure", page("</main>", f'<input placeholder="{SECRET}"></main>')),
    "after the end": ("disclosure", page("</html>", f"</html>\n<!-- {SECRET} -->")),
    "before the start": ("disclosure", page("<!DOCTYPE html>", f"<!DOCTYPE html><?note {SECRET}?>")),
    "kebab class": ("disclosure", page("</main>", f'<i class="{SECRET.lower().replace(" ", "-")}">x</i></main>')),
    "snake attribute": ("disclosure", page("</main>", f'<i data-{SECRET.lower().replace(" ", "_").rstrip(".")}>x</i></main>')),
    "camel id": ("disclosure", page("</main>", f'<i id="{SECRET.title().replace(" ", "").rstrip(".")}">x</i></main>')),
    "path": ("traces", page("</main>", "<!-- /srv/writer/report/source.md --></main>")),
    "windows path": ("traces", page("</main>", r"<!-- C:\Users\writer\report.md --></main>")),
    "file address": ("traces", page("</main>", '<a href="file:///tmp/x.html">x</a></main>')),
}  # fmt: skip

WORD: dict[str, tuple[str, Plant]] = {
    "text": ("disclosure", part("word/document.xml", "Words for one delegation", SECRET)),
    "note": ("disclosure", part("word/footnotes.xml", "A note.", SECRET)),
    "hidden text": ("disclosure", part("word/document.xml", "<w:body>", f"<w:body><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>")),
    "deleted text": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:p><w:del w:id="9001"><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>')),
    "field's code": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:p><w:r><w:instrText>{SECRET}</w:instrText></w:r></w:p>')),
    "comments": ("disclosure", part("word/comments.xml", "", f'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="1"><w:p><w:r><w:t>{SECRET}</w:t></w:r></w:p></w:comment></w:comments>')),
    "custom xml": ("disclosure", part("customXml/item1.xml", "", f"<notes><note>{SECRET}</note></notes>")),
    "custom property": ("disclosure", part("docProps/custom.xml", "", f'<Properties><property name="x"><lpwstr>{SECRET}</lpwstr></property></Properties>')),
    "core properties": ("disclosure", part("docProps/core.xml", "A seminar", SECRET)),
    "relationship": ("disclosure", part("word/_rels/document.xml.rels", "</Relationships>", '<Relationship Id="rX" Type="x" TargetMode="External" Target="https://example.org/sec-hn-patrols"/></Relationships>')),
    "alternative text": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:p><w:r><w:drawing><x descr="{SECRET}"/></w:drawing></w:r></w:p>')),
    "bookmark": ("disclosure", part("word/document.xml", "<w:body>", '<w:body><w:bookmarkStart w:id="901" w:name="sec_hn_patrols"/><w:bookmarkEnd w:id="901"/>')),
    "heading": ("disclosure", part("word/document.xml", "<w:body>", f"<w:body><w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>")),
    "part's name": ("disclosure", part("word/media/northern-bridge-patrols.png", "", "x")),
    "picture's exif": ("disclosure", part("word/media/image9.jpg", "", PHOTO)),
    "picture's metadata": ("traces", part("word/media/image9.jpg", "", PHOTO)),
    "style's name": ("disclosure", part("word/styles.xml", "</w:styles>", f'<w:style w:styleId="X"><w:name w:val="{TITLE}"/></w:style></w:styles>')),
    "comment's date": ("traces", part("word/document.xml", "<w:body>", '<w:body><w:p><w:ins w:id="9" w:author="x" w:date="2026-11-25T10:00:00Z"/></w:p>')),
    "one word per run": ("disclosure", part("word/document.xml", "<w:body>", "<w:body><w:p>" + "".join(f"<w:r><w:t>{w}</w:t></w:r>" for w in SECRET.split()) + "</w:p>")),
    "one word per paragraph": ("disclosure", part("word/document.xml", "<w:body>", "<w:body>" + "".join(f"<w:p><w:r><w:t>{w}</w:t></w:r></w:p>" for w in SECRET.split()))),
    "variable": ("disclosure", part("word/settings.xml", "</w:settings>", f'<w:docVars><w:docVar w:name="x" w:val="{SECRET}"/></w:docVars></w:settings>')),
    "text in a drawing": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:p><w:r><w:drawing><t xmlns="http://schemas.openxmlformats.org/drawingml/2006/main">{SECRET}</t></w:drawing></w:r></w:p>')),
    "formula": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:p><t xmlns="http://schemas.openxmlformats.org/officeDocument/2006/math">{SECRET}</t></w:p>')),
    "processing instruction": ("disclosure", part("word/document.xml", "<w:body>", f"<w:body><?note {SECRET}?>")),
    "control's tag": ("disclosure", part("word/document.xml", "<w:body>", f'<w:body><w:sdt><w:sdtPr><w:tag w:val="{SECRET}"/></w:sdtPr><w:sdtContent/></w:sdt>')),
    "embedded document": ("disclosure", part("word/embeddings/a.docx", "", archive("word/document.xml", f"<p>{SECRET}</p>"))),
    "archive's comment": ("disclosure", zipped(lambda file: setattr(file, "comment", SECRET.encode()))),
    "after the end": ("disclosure", lambda content: content + SECRET.encode()),
    "before the start": ("disclosure", lambda content: SECRET.encode() + content),
    "path": ("traces", part("docProps/core.xml", "A seminar", "/srv/writer/report.md")),
}  # fmt: skip

BOOK: dict[str, tuple[str, Plant]] = {
    "text": ("disclosure", part("EPUB/text/ch002.xhtml", "Words for one delegation", SECRET)),
    "contents": ("disclosure", part("EPUB/nav.xhtml", "</nav>", f"<p>{TITLE}</p></nav>")),
    "package": ("disclosure", part("EPUB/content.opf", "</metadata>", f"<meta property='x'>{SECRET}</meta></metadata>")),
    "comment": ("disclosure", part("EPUB/text/ch001.xhtml", "</body>", f"<!-- {SECRET} --></body>")),
    "styles": ("disclosure", part("EPUB/css/book.css", "body {", f"/* {SECRET} */ body {{")),
    "file's name": ("disclosure", part("EPUB/images/northern-bridge-patrols.png", "", "x")),
    "file of its own": ("disclosure", part("EPUB/text/notes.xhtml", "", f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{SECRET}</p></body></html>')),
    "attachment": ("disclosure", part("EPUB/data/plan.json", "", json.dumps({"plan": SECRET}))),
    "id": ("disclosure", part("EPUB/text/ch001.xhtml", "</body>", '<p id="sec-hn-patrols">x</p></body>')),
    "picture's exif": ("disclosure", part("EPUB/images/a.jpg", "", PHOTO)),
    "archive's comment": ("disclosure", zipped(lambda file: setattr(file, "comment", SECRET.encode()))),
    "archive in it": ("disclosure", part("EPUB/data/a.zip", "", archive("a.txt", SECRET))),
    "compressed file": ("disclosure", part("EPUB/data/a.gz", "", gzip.compress(SECRET.encode()).decode("latin-1"))),
    "text of utf-16": ("disclosure", part("EPUB/data/a.txt", "", SECRET.encode("utf-16").decode("latin-1"))),
}  # fmt: skip


def _set(key: str, value: str) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        file.docinfo[key] = value

    return change


def _title(file: pikepdf.Pdf) -> None:
    with file.open_outline() as outline:
        outline.root[0].title = TITLE


def _destination(file: pikepdf.Pdf) -> None:
    tree = pikepdf.NameTree(file.Root.Names.Dests)
    tree["sec-hn-patrols"] = tree["sec-gt"]


def _attachment(file: pikepdf.Pdf) -> None:
    file.attachments["plan.txt"] = SECRET.encode()


def _attachments_name(file: pikepdf.Pdf) -> None:
    file.attachments["northern-bridge-patrols.txt"] = b"x"


def _annotation(file: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9],
        Contents=pikepdf.String(SECRET),
    )  # fmt: skip
    file.pages[0].Annots = pikepdf.Array([*file.pages[0].get("/Annots", []), note])


def _alternative(file: pikepdf.Pdf) -> None:
    file.Root.StructTreeRoot.K[0].Alt = pikepdf.String(SECRET)


def _metadata(file: pikepdf.Pdf) -> None:
    file.Root.Metadata = pikepdf.Stream(file, XMP.encode())


def _script(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{SECRET}')")
    )


def _picture(file: pikepdf.Pdf) -> None:
    image = pikepdf.Stream(file, photo())
    image.stream_dict.update(pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Filter=pikepdf.Name.DCTDecode))  # fmt: skip
    file.pages[0].Resources.XObject = pikepdf.Dictionary(Leak=image)


def _invisible(file: pikepdf.Pdf) -> None:
    """Text that is drawn with nothing (render mode 3), in a font that every reader has."""
    first = file.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                              BaseFont=pikepdf.Name.Helvetica)  # fmt: skip
    first.Resources.Font = pikepdf.Dictionary(
        {**dict(first.Resources.get("/Font", {})), "/Leak": font}
    )
    drawn = f"BT /Leak 1 Tf 3 Tr 20 20 Td ({SECRET}) Tj ET"
    file.pages[0].contents_add(pikepdf.Stream(file, drawn.encode()))


def _drawn(drawing: str) -> Callable[[pikepdf.Pdf], None]:
    """More on the first page, with a font that every reader has."""

    def change(file: pikepdf.Pdf) -> None:
        first = file.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        first.Resources.Font = pikepdf.Dictionary(
            {**dict(first.Resources.get("/Font", {})), "/Leak": font}
        )
        first.contents_add(pikepdf.Stream(file, drawing.encode()))

    return change


def _layer(file: pikepdf.Pdf) -> None:
    layer = file.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x"))
    file.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[layer])
    )
    file.pages[0].Resources.Properties = pikepdf.Dictionary(L=layer)
    _drawn(f"/OC /L BDC BT /Leak 9 Tf 20 20 Td ({SECRET}) Tj ET EMC")(file)


def _form(file: pikepdf.Pdf) -> None:
    form = pikepdf.Stream(file, f"BT /Leak 9 Tf ({SECRET}) Tj ET".encode())
    form.stream_dict.update(
        pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    )
    file.pages[0].Resources.XObject = pikepdf.Dictionary(Leak=form)


def _layers_name(file: pikepdf.Pdf) -> None:
    layer = file.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=TITLE))
    file.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer])


def _labels(file: pikepdf.Pdf) -> None:
    file.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=TITLE)])


def _expansion(file: pikepdf.Pdf) -> None:
    file.Root.StructTreeRoot.K[0].E = pikepdf.String(SECRET)


def _own_name(file: pikepdf.Pdf) -> None:
    file.Root["/" + SECRET.replace(" ", "_")] = 1


def _archive(file: pikepdf.Pdf) -> None:
    file.attachments["a.zip"] = archive("a.txt", SECRET).encode("latin-1")


def _version(content: bytes) -> bytes:
    """A file whose text was replaced by an update: the former text is still there."""
    before = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as file:
        former = file.make_indirect(pikepdf.Stream(file, f"BT ({SECRET}) Tj ET".encode()))
        file.pages[-1].Contents = former
        file.save(before, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    first = before.getvalue()
    with pikepdf.open(before) as file:
        number, root = file.pages[-1].Contents.objgen[0], file.Root.objgen[0]
        size = int(file.trailer.Size)
    start = int(first.rpartition(b"startxref")[2].split()[0])
    update = f"{number} 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n"
    table = f"xref\n{number} 1\n{len(first):010} 00000 n \n"
    trailer = f"trailer\n<</Size {size} /Root {root} 0 R /Prev {start}>>\n"
    end = f"startxref\n{len(first) + len(update)}\n%%EOF\n"
    return first + (update + table + trailer + end).encode()


PAPER: dict[str, tuple[str, Plant]] = {
    "keywords": ("disclosure", pdf(_set("/Keywords", SECRET))),
    "own property": ("disclosure", pdf(_set("/Remark", SECRET))),
    "outline": ("disclosure", pdf(_title)),
    "destination": ("disclosure", pdf(_destination)),
    "attachment": ("disclosure", pdf(_attachment)),
    "attachment's name": ("disclosure", pdf(_attachments_name)),
    "annotation": ("disclosure", pdf(_annotation)),
    "alternative text": ("disclosure", pdf(_alternative)),
    "xmp": ("disclosure", pdf(_metadata)),
    "script": ("disclosure", pdf(_script)),
    "picture's exif": ("disclosure", pdf(_picture)),
    "picture's metadata": ("traces", pdf(_picture)),
    "invisible text": ("disclosure", pdf(_invisible)),
    "actual text": ("disclosure", pdf(_drawn(f"/Span <</ActualText {HEX}>> BDC EMC"))),
    "comment in a drawing": ("disclosure", pdf(_drawn(f"% {SECRET}\n"))),
    "letters set one by one": ("disclosure", pdf(_drawn(SPACED))),
    "text off the page": (
        "disclosure",
        pdf(_drawn(f"BT /Leak 9 Tf 1 0 0 1 -900 20 Tm ({SECRET}) Tj ET")),
    ),
    "white text": ("disclosure", pdf(_drawn(f"1 g BT /Leak 1 Tf 20 20 Td ({SECRET}) Tj ET"))),
    "layer that is off": ("disclosure", pdf(_layer)),
    "form that is not drawn": ("disclosure", pdf(_form)),
    "name of a layer": ("disclosure", pdf(_layers_name)),
    "label of a page": ("disclosure", pdf(_labels)),
    "expansion": ("disclosure", pdf(_expansion)),
    "name": ("disclosure", pdf(_own_name)),
    "archive attached": ("disclosure", pdf(_archive)),
    "after the end": ("disclosure", lambda content: content + f"\n% {SECRET}\n".encode()),
    "earlier version": ("disclosure", _version),
    "time": ("traces", pdf(_set("/ModDate", "D:20261125103000Z"))),
    "path": ("traces", pdf(_set("/Source", "/srv/writer/report.md"))),
}
LEAKS = [
    pytest.param(form, check, plant, id=f"{form}: {name}")
    for form, planted in zip(FORMS, (HTML, PAPER, WORD, BOOK), strict=True)
    for name, (check, plant) in planted.items()
]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_found_in_a_good_file(form: str) -> None:
    assert failures(form, made(form)[0]) == []


def test_there_are_many_kinds_of_leaks() -> None:
    assert len(LEAKS) >= 60


@pytest.mark.parametrize(("form", "check", "plant"), LEAKS)
def test_a_leak_is_found(form: str, check: str, plant: Plant) -> None:
    found = [one for one in failures(form, plant(made(form)[0])) if one.check == check]
    assert found
    if check == "disclosure":
        assert any(word in one.message for one in found for word in ("kestrel", "sec-hn", "northern", "eleven", "boats"))  # fmt: skip
        if "boats" not in found[0].message:
            assert all(one.at and one.at[0] > 0 for one in found), "the author's line is known"


def test_what_is_compressed_in_a_pdf_is_read() -> None:
    content = pdf(_attachment)(made("pdf")[0])
    assert SECRET.encode() not in content or zlib.crc32(content)
    assert any(RUN.casefold()[:20] in one.message for one in failures("pdf", content))


def test_lists_of_editions_tell_nothing_of_single_ones(pandoc: Pandoc) -> None:
    found = checked(TEXT, pandoc)

    def told(text: str) -> list[str]:
        return [message for message, _ in prove_lists([text], found.editions, english)]

    assert told("<li><a href='hnd.html'>Honduras</a>, A seminar</li>") == []
    assert told(f"<li><b>{RUN[:20]}</b>{RUN[20:]}</li>")
    assert told(json.dumps([{"title": TITLE}]))
    assert told(f"<p title='x'>{CELL}</p>")


def english(lang: str) -> labels.Labels:
    return labels.load(lang, templates.templates_folder())
