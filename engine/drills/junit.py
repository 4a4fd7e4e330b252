"""A drill's report as JUnit XML: a suite a drill, a case a criterion, the figures as its output."""

import xml.etree.ElementTree as ElementTree

from engine.drills.drill import DrillReport


def junit(report: DrillReport) -> str:
    """The document, after the common schema of JUnit reports: properties, cases, output; times without fractions.

    A drill that could not be carried out to its end has a case more, with the error.
    """
    failed, errors = sum(not judged.passed for judged in report.criteria), int(bool(report.problem))
    counts = {"tests": str(len(report.criteria) + errors), "failures": str(failed), "errors": str(errors)}
    took = f"{report.took_s:.3f}"
    root = ElementTree.Element("testsuites", {"name": "drills", **counts, "time": took})
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        {
            "name": report.drill,
            **counts,
            "skipped": "0",
            "time": took,
            "timestamp": report.utc[:19],
            "hostname": report.machine,
        },
    )
    _properties(suite, report)
    for judged in report.criteria:
        _case(suite, report.drill, judged.text, "" if judged.passed else f"{judged.measured} (limit: {judged.limit})")
    if report.problem:
        case = _new_case(suite, report.drill, "carried out to its end")
        ElementTree.SubElement(case, "error", {"message": _plain(report.problem), "type": "problem"})
    figures = [f"{figure.name}: {figure.value:g} {figure.unit}".rstrip() for figure in report.figures]
    ElementTree.SubElement(suite, "system-out").text = _plain("\n".join(figures))
    ElementTree.SubElement(suite, "system-err").text = _plain(report.problem)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _properties(suite: ElementTree.Element, report: DrillReport) -> None:
    facts = {"version": report.version, "config": report.config, "sabotaged": str(report.sabotaged).lower()}
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in facts.items():
        ElementTree.SubElement(properties, "property", {"name": _plain(name), "value": _plain(value)})


def _case(suite: ElementTree.Element, drill: str, text: str, failure: str) -> None:
    case = _new_case(suite, drill, text)
    if failure:
        ElementTree.SubElement(case, "failure", {"message": _plain(failure), "type": "criterion"})


def _new_case(suite: ElementTree.Element, drill: str, text: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", {"classname": f"drill.{drill}", "name": _plain(text), "time": "0"})


def _plain(text: str) -> str:
    """Text without the control characters that XML 1.0 forbids (section 2.2)."""
    return "".join(sign if sign in "\t\n\r" or " " <= sign not in "\ufffe\uffff" else "\ufffd" for sign in text)
