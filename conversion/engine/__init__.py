"""The conversion engine: a manuscript goes in, artifacts and findings come out.

Plain Python without Django, so that it runs both in a sandboxed child process and from the command line. `api.py` is
the public interface for the rest of Octavo; `pipeline.py` shows the way of a manuscript:

    source bytes -> gate -> reader -> Book -> checks -> writers -> checks -> artifacts

    gate        identify the file, decide if it opens  epub, pdf, web  writers: turn a Book into files
    repair      rebuild a damaged container            covers          fronts, print sheets, link preview images
    readers     one folder a format: bytes to a Book   exports         plain text, Markdown, the author's own PDF
    book        the elements, their text and language  proof           inspect every page of every PDF
    checks      findings about a Book                  steps           the pipeline's stages, one function each
    fixes       corrections an author asked for        process         parent, child, sandbox, warm server, pandoc

Beside them: `edition_text.py`, the text that readers' places count in. Below them: `markup` (for all writers),
`images`, `typography`, `findings`, `support`, and data: `targets.py`, `contract.py`, `errors.py`. Each stage imports
only what is below it: see the contracts in `pyproject.toml`.
"""

from pathlib import Path

ENGINE_VERSION = "1"
ASSETS = (
    Path(__file__).parent / "assets"
)  # style sheets; a path, since `importlib.resources` loads many modules just to read a file
