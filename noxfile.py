"""What people run: `nox -s pdf`, `nox -s check`, `nox -s tests`; plain `nox` makes every document."""

import sys

import nox

if sys.version_info < (3, 11):  # noqa: UP036 - what would follow is a traceback
    sys.exit("Python 3.11 or newer is needed, and this is Python " + sys.version.split()[0] + ": make .venv anew with a newer one")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["build"]

PROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *groups: str) -> None:
    """Install what the program needs and the dependency groups *groups*, in the versions of pins.txt."""
    needed = nox.project.dependency_groups(PROJECT, *groups) if groups else ()
    session.install("--quiet", "--constraint", "pins.txt", *PROJECT["project"]["dependencies"], *needed)


@nox.session
def build(session: nox.Session) -> None:
    """Make every document. Example: nox -s build -- briefing"""
    install(session)
    session.run("python", "-m", "reports", "build", *session.posargs)


@nox.session
def pdf(session: nox.Session) -> None:
    """Make the PDF documents. Example: nox -s pdf -- briefing"""
    install(session)
    session.run("python", "-m", "reports", "pdf", *session.posargs)


@nox.session
def html(session: nox.Session) -> None:
    """Make the web pages. Example: nox -s html -- briefing"""
    install(session)
    session.run("python", "-m", "reports", "html", *session.posargs)


@nox.session
def docx(session: nox.Session) -> None:
    """Make the Word documents. Example: nox -s docx -- summary"""
    install(session)
    session.run("python", "-m", "reports", "docx", *session.posargs)


@nox.session
def xlsx(session: nox.Session) -> None:
    """Make the Excel documents, with their CSV and JSON. Example: nox -s xlsx -- register"""
    install(session)
    session.run("python", "-m", "reports", "xlsx", *session.posargs)


@nox.session
def feed(session: nox.Session) -> None:
    """Make the feed of editions. Example: nox -s feed"""
    install(session)
    session.run("python", "-m", "reports", "atom", *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Make the open-data package: tables in CSV, for programs. Example: nox -s package"""
    install(session)
    session.run("python", "-m", "reports", "zip", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Say what is wrong with the data. Example: nox -s check -- --data other/data"""
    install(session)
    session.run("python", "-m", "reports", "check", *session.posargs)


@nox.session(default=False)
def verify(session: nox.Session) -> None:
    """Say which files are as made or as issued, and of which edition. Example: nox -s verify -- received/briefing.pdf"""
    install(session, "audit")
    session.run("python", "-m", "reports", "verify", *session.posargs)


@nox.session(default=False)
def edition(session: nox.Session) -> None:
    """Check, build and audit, and freeze all as an edition. Example: nox -s edition -- --dry-run"""
    install(session, "audit")
    session.run("python", "-m", "reports", "edition", *session.posargs)


@nox.session(name="all", default=False)
def every(session: nox.Session) -> None:
    """Make the documents of every dataset below a folder. Example: nox -s all -- --root ../countries --cluster local:4"""
    install(session, "cluster")
    session.run("python", "-m", "reports", "all", *session.posargs)


@nox.session(default=False)
def sign(session: nox.Session) -> None:
    """Sign the PDFs and the manifest of an edition. Example: nox -s sign -- --key desk.p12 --tsa https://time.example.org"""
    install(session, "sign")
    session.run("python", "-m", "reports", "sign", *session.posargs)


@nox.session(default=False)
def receive(session: nox.Session) -> None:
    """Keep what came back, and say what it proposes. Example: nox -s receive -- register.xlsx --from "Ministry of Defence" """
    install(session, "audit")
    session.run("python", "-m", "reports", "receive", *session.posargs)


@nox.session(default=False)
def changes(session: nox.Session) -> None:
    """Say what changed since an edition. Example: nox -s changes -- --since 1 --until 2"""
    install(session)
    session.run("python", "-m", "reports", "changes", *session.posargs)


@nox.session(default=False)
def translate(session: nox.Session) -> None:
    """Draw the catalogues of other languages from the data. Example: nox -s translate -- --language bs --report"""
    install(session)
    session.run("python", "-m", "reports", "translate", *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Read the finished files back and compare them with the data; build first. Example: nox -s audit"""
    install(session, "audit")
    session.run("python", "-m", "reports", "audit", *session.posargs)


@nox.session(default=False)
def watch(session: nox.Session) -> None:
    """Make the documents again whenever data or templates are saved. Example: nox -s watch"""
    install(session)
    session.run("python", "-m", "reports", "watch", *session.posargs)


@nox.session(default=False)
def preview(session: nox.Session) -> None:
    """The same, and show the web page, which reloads itself, on this computer alone. Example: nox -s preview -- --port 8000"""
    install(session)
    session.run("python", "-m", "reports", "preview", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests. Example: nox -s tests -- -k dates"""
    install(session, "tests")
    # One process runs a module, and makes its documents once.
    session.run("pytest", "--numprocesses", "auto", "--dist", "loadscope", "--no-loadscope-reorder", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and the direction of imports. Example: nox -s lint"""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types. Example: nox -s types"""
    install(session, "types")
    session.run("mypy")


@nox.session(default=False)
def conformance(session: nox.Session) -> None:
    """Show every document to the validators of its format. Example: nox -s conformance -- --complete"""
    install(session, "conformance")
    session.run("python", "-m", "tests.conformance.node")
    session.run("python", "-m", "reports", "build")
    session.run("python", "-m", "tests.conformance", *session.posargs)


@nox.session(default=False)
def pins(session: nox.Session) -> None:
    """Renew the version of every package in pins.txt. Example: nox -s pins"""
    session.install("uv")
    groups = [part for group in PROJECT["dependency-groups"] for part in ("--group", group)]
    plain = ("--no-header", "--no-annotate", "--no-emit-index-url", "--universal", "--upgrade", "--quiet")
    session.run("uv", "pip", "compile", "pyproject.toml", *groups, *plain, "--output-file", "pins.txt")


@nox.session(default=False)
def new(session: nox.Session) -> None:
    """Make a folder for another dataset. Example: nox -s new -- ../georgia"""
    install(session)
    session.run("python", "-m", "reports", "new", *session.posargs)


@nox.session(default=False)
def schemas(session: nox.Session) -> None:
    """Write the JSON Schemas that help an editor with the data. Example: nox -s schemas"""
    install(session)
    session.run("python", "-m", "reports", "schemas")


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Write the tables of docs/authors.md from the program. Example: nox -s docs"""
    install(session)
    session.run("python", "-m", "docs.authors")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure speed, as ratios in one run. Example: nox -s bench -- --complete"""
    install(session, "bench")
    session.run("python", "-m", "tests.benchmarks.build", *session.posargs)
    session.run("python", "-m", "tests.benchmarks.register")
    session.run("python", "-m", "tests.benchmarks.changes")
    session.run("python", "-m", "tests.benchmarks.collection")


@nox.session(default=False)
def reference(session: nox.Session) -> None:
    """Write the styles of Word files as a .docx, to change them in Word. Example: nox -s reference -- looks.docx"""
    install(session)
    session.run("python", "-m", "reports", "reference", *session.posargs)


@nox.session(default=False)
def restyle(session: nox.Session) -> None:
    """Take the styles of a changed .docx over into the templates. Example: nox -s restyle -- looks.docx"""
    install(session)
    session.run("python", "-m", "reports", "restyle", *session.posargs)
