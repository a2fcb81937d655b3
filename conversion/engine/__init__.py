"""The conversion engine: a manuscript goes in, artifacts and findings come out.

Plain Python without Django, so that it runs in a sandboxed child process and from
the command line alike. `api.py` is the door for the rest of Octavo, `pipeline.py` the path of a manuscript:

    source bytes -> gate -> reader -> Book -> checks -> writers -> checks -> artifacts

    gate        what is this file, may it be opened    epub, pdf, web  writers: a Book becomes files
    repair      a damaged container, rebuilt           covers          fronts, printed sheets, pictures of links
    readers     a folder a format: bytes to a Book     exports         plain text, Markdown, the author's own PDF
    book        the elements, their text and language  proof           every page of every PDF, looked at
    checks      findings about a Book                  steps           what the pipeline calls, stage by stage
    fixes       what an author asks to have corrected  process         parent, child, walls, warm copies, pandoc

Below them: `markup` (for all writers), `images`, `typography`, `findings`, `support`, and data: `targets.py`,
`contract.py`, `errors.py`. Each stage imports only what is below it: see the contracts in `pyproject.toml`.
"""

from pathlib import Path

ENGINE_VERSION = "1"
ASSETS = Path(__file__).parent / "assets"  # style sheets, taken without `importlib`, which loads a lot to read a file
