"""Make the game's fonts in assets/fonts from the npm packages of Inter and Noto Sans SC.

    npm pack inter-ui@3.19.3 @fontsource/noto-sans-sc    (in a scratch folder; unpack both there)
    python tools/make_fonts.py --inter INTER_PACKAGE --noto NOTO_PACKAGE

Inter: four weights, subset to the European scripts, arrows and signs, with the tabular figures made
the default ones, because a game table has to line up and pygame.font cannot ask for a font feature.
Noto Sans SC, Regular and SemiBold: the 3,755 common characters of GB 2312 level 1, Chinese
punctuation and every further character that game/ and scenarios/ use, so that new texts and the
scenarios of authors are drawn in both. Run it again when texts use rarer characters.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "assets" / "fonts"
INTER_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
INTER_RANGES = (
    (0x20, 0x24F),  # Latin with both extensions
    (0x2B0, 0x2FF),  # modifier letters
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin of Vietnamese
    (0x2000, 0x22FF),  # punctuation, currency, arrows, mathematical signs
    (0x2300, 0x27BF),  # technical and geometric signs, ticks
)
TEXT_FOLDERS = ("game", "scenarios")
TEXT_SUFFIXES = {".py", ".yaml", ".yml", ".json", ".po", ".txt", ".toml"}
CJK = re.compile(r"[\u2190-\u2bff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
PUNCTUATION = "　、。〈〉《》「」『』【】〔〕〖〗！（），．：；？～￥％—…“”‘’·×÷≈≤≥→←↑↓▲▼●○★☆■□◆◇"


def gb2312_level_1() -> set[str]:
    """The 3,755 common characters: rows 16 to 55 of GB 2312."""
    found = set()
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", errors="ignore")
            found.update(text)
    return found


def used_characters() -> set[str]:
    """Every Chinese character and sign in the game's and the scenarios' texts."""
    found: set[str] = set()
    for folder in TEXT_FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in TEXT_SUFFIXES and path.is_file():
                found.update(CJK.findall(path.read_text(encoding="utf-8", errors="ignore")))
    return found


def tabular(font: TTFont) -> None:
    """Point the digits of the character map at the font's tabular figures (feature tnum)."""
    swaps: dict[str, str] = {}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for index in record.Feature.LookupListIndex:
            for sub in table.LookupList.Lookup[index].SubTable:
                swaps.update(getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}))
    for cmap in font["cmap"].tables:
        cmap.cmap = {code: swaps.get(glyph, glyph) for code, glyph in cmap.cmap.items()}
    # FreeType's hinter keeps digits alike only if their widths agree to the unit; the 4's does not.
    digits = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    widths = [font["hmtx"][glyph][0] for glyph in digits]
    for glyph in digits:
        font["hmtx"][glyph] = (max(widths), font["hmtx"][glyph][1])


def subset(font: TTFont, codes: set[int], features: list[str]) -> None:
    """Keep the given code points alone, unhinted, with the names that the licence wants."""
    options = Options()
    options.layout_features = features
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = None


def make_inter(package: Path) -> None:
    """Write Inter-<Weight>.ttf for the four weights."""
    codes = {code for low, high in INTER_RANGES for code in range(low, high + 1)}
    for label in INTER_WEIGHTS:
        font = TTFont(package / "Inter (web)" / f"Inter-{label}.woff")
        tabular(font)
        subset(font, codes, ["kern"])
        font.save(OUT / f"Inter-{label}.ttf")


def make_noto(package: Path) -> None:
    """Write NotoSansSC-Regular.ttf and NotoSansSC-SemiBold.ttf."""
    wanted = used_characters() | set(PUNCTUATION) | gb2312_level_1()
    for weight, label in ((400, "Regular"), (600, "SemiBold")):
        name = f"noto-sans-sc-chinese-simplified-{weight}-normal.woff"
        font = TTFont(package / "files" / name)
        subset(font, {ord(c) for c in wanted}, [])
        font.save(OUT / f"NotoSansSC-{label}.ttf")
        missing = sorted(c for c in wanted if ord(c) not in font.getBestCmap())
        print(f"NotoSansSC-{label} has no: {''.join(missing)}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inter", type=Path, required=True, help="unpacked inter-ui")
    parser.add_argument("--noto", type=Path, help="unpacked @fontsource/noto-sans-sc")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    make_inter(args.inter)
    if args.noto:
        make_noto(args.noto)
    for path in sorted(OUT.glob("*.ttf")):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
