"""Errors that somebody wrote down: what a page of setup or the window of a script showed (facts/quotes.csv).

An error is known by the words that Windows or the script shows, never by a code alone. A text that explains
several errors is a guide, and tells of no device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

import msgspec

from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.facts.error_records import in_one_line
from autopilot_analysis.facts.help_texts import MOST_REPORTED, explains, is_guide
from autopilot_analysis.patterns import late

PAGE = "page"
"""The group of what a page of setup shows; a device stops at one page, with one code."""
DETAILS = "details"
"""The group of what stands beside a page and is nothing without one."""
PROGRESS = "progress"
"""The group of parts of a page that is at work and shows no error; nothing beside one that does."""
BARE = "bare"
"""The group of codes that somebody only tells; nothing beside words that show more."""
BARE_WITHIN = 12
"""So many lines may stand around such a code, or make a page at work: a log or an article has more."""
_PHASES = ("device_setup", "account_setup")
"""Phases that the status page lists with how each stands."""
SIGN_IN = "sign-in"
"""The group of numbers of Entra that a sign-in ended with; a text with several is a list of them."""
SIGN_IN_DETAILS = "sign-in details"
"""The group of what stands beside such a number and is nothing without one."""
SIGN_IN_WORDS = "sign-in words"
"""The group of what a sign-in page says as it blocks, which says less than its number does."""
SIGN_IN_POLICY = "sign-in policy"
"""The group of the policy behind it, which is nothing without such words."""
REPORTED_POLICY = "reported policy"
"""The group of a policy of sign-in that somebody names as what stops an enrolment; a page says more."""
REPORTED_APP, REPORTED_RESTART = "reported app", "reported restart"
"""The groups of an app beside a page: without which somebody saw it end well, or that waits for a restart."""
REPORTED_DETECTION, DETECTION_DETAILS = "reported detection", "reported detection details"
"""The groups of a detection rule that somebody found to look for something else, and of what it looks for."""
HASH, HASH_UPDATE = "hash", "hash update"
"""The groups of a hash that a script did not read, and of the update that its text blames."""
OTHER_ORGANIZATION, REPORTED_WELL = "other organization", "reported well"
"""The groups of two plain sentences: a page that turned an account away, a deployment that went well."""
PROVIDER, PROVIDER_TIME = "provider", "provider time"
"""The groups of a program that the page waits for first, and of its time, which is nothing without it."""
RESTRICTION = "restriction"
"""The group of a rule against devices that somebody names; a detail beside a page."""
PORTAL = "portal"
"""The group of a deployment that the portal shows as failed, as somebody copied it."""
PORTAL_ITEM = "portal item"
"""The group of the apps and scripts that it shows so."""
PORTAL_DETAILS = "portal details"
"""The group of what else such a page shows, and that is nothing without one of them."""
HARDWARE_DETAILS = "hardware details"
"""The group of what somebody writes of the device; it decides what its step "Securing your hardware" met."""
WINGET, WINGET_DETAILS = "winget", "winget details"
"""The groups of an installer of which winget tells, and of what else winget says beside it."""
TOOLKIT, TOOLKIT_DETAILS = "toolkit", "toolkit details"
"""The groups of an installer of which PSAppDeployToolkit tells, and of what it ran."""
CONTRADICTED = "contradicted"
"""The group of failures that a tool tells of what went well by the line above."""
DETAIL_GROUPS = frozenset(
    {DETAILS, SIGN_IN_DETAILS, PORTAL_DETAILS, HARDWARE_DETAILS, WINGET_DETAILS, TOOLKIT_DETAILS}
)
"""The groups that are nothing by themselves."""
_KINDS_OF_A_LINE = frozenset({DETAILS, HARDWARE_DETAILS, TOOLKIT_DETAILS})
"""The groups of which one line may show several kinds."""
ONE_CODE = frozenset({PAGE, BARE, WINGET, SIGN_IN, SIGN_IN_WORDS})
"""The groups of which one device shows one code; a text with several is a list of them."""
PLAIN = frozenset({OTHER_ORGANIZATION, REPORTED_WELL})
"""The groups of a sentence that stands in prose, and that a page about errors lists as well."""
_MET = ONE_CODE | PLAIN
"""The groups of what somebody met, in the line in which it stands; not what a reader may meet."""
_LISTED = late(r"\s{0,4}(?:(?:#|\||<t[dr]\b).*|(?:[-*•]|\d{1,2}[.)])\s{1,3}\W{0,3}(?:\w{1,12} )?)")
"""A heading, a row of a table, or how a point of a list begins."""
_CODES = late(r"(?i)\b(?:0x)?(?:80|81|87|c0|ca)[0-9a-f]{6}\b")
SETUP_COMMAND = "command"
"""The group of errors with which a command ended that sets devices up (facts/setup_commands.csv)."""
CONNECTOR_ANSWER = "connector answer"
"""The group of what the connector for offline domain joins answers in its own log."""
PROXY = "proxy"
"""The group of the system's proxy, which is nothing without such an answer."""
WITH_ANOTHER = {
    PROXY: CONNECTOR_ANSWER,
    HASH_UPDATE: HASH,
    SIGN_IN_POLICY: SIGN_IN_WORDS,
    PROVIDER_TIME: PROVIDER,
    REPORTED_APP: PAGE,
    REPORTED_RESTART: PAGE,
    DETECTION_DETAILS: REPORTED_DETECTION,
}
"""Groups that are nothing without another."""
UPDATE = "update that is blamed"
"""The kind by which a text names the update of Windows that it blames."""
PACKAGE, INSTALLED = "package of winget", "installed by winget"
"""The kinds by which winget names what it installs, and says that it is there."""
PACKAGE_LOG = "log of the toolkit"
"""The kind of a log that is called after the app that the toolkit installs."""
COMMAND, COMMAND_DONE = "command of the toolkit", "command of the toolkit that went well"
"""The kinds of what the toolkit runs, and of the word that it ended well."""
INSTALLER_BUSY = "Windows Installer busy as the toolkit says"
"""The kind by which the toolkit says that it waits for another installation."""
CALLED_FAILED = "success that its caller calls a failure"
"""The kind of a failure that a tool tells of an app right after winget had installed it."""
CALLED_WITHIN = 3
"""So many lines below the success its caller may call it a failure."""
_SEARCHED = 2048
"""Characters of a line in which an error is looked for."""
_LONGEST = 4000
"""Lines of a text that are looked at; nobody writes down more around an error."""
_MARGIN = " \t>|"
"""What a mail puts before each line that it quotes."""
_WRAPPED = (40, 120)
"""How long a line is that a mail broke."""
_FAILS = late(r"(?i)\b(?:fail(?:ed|ure)|error|0x8[0-9a-f]{7}|fehl(?:er|geschlagen))\b")
"""Words of a line that tells of a failure of its own."""
_FORMER = late(
    r"(?i)\b(?:last year|(?:a|one|two|\d{1,2}) years? ago|back then|letztes jahr|voriges jahr|damals|"
    r"vor (?:einem|zwei|\d{1,2}) jahr(?:en)?|l[’']année dernière|l[’']an dernier|"
    r"el año pasado)\b[^.!?]{0,80}$"
)
"""Words right before an error that somebody had in other times, on another device."""


class Quote(msgspec.Struct, frozen=True):
    """One error of a text.

    Attributes:
        kind: Of facts/quotes.csv.
        line: Where it stands, from 0.
        text: The line.
        code: The result code as the line writes it, "" for none.
        exit: The exit code, "" for none.
        item: What the line names, "" for nothing.
    """

    kind: str
    line: int
    text: str
    code: str
    exit: str
    item: str


class Kind(msgspec.Struct, frozen=True, dict=True):
    """A row of facts/quotes.csv: how an error is known, and what it is of."""

    kind: str
    group: str
    rule: str
    words: str
    words_beside: str | None
    item: str
    """What the error is called; `{}` stands for what the line names."""
    stage: str | None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """How its words are known; compiled when the first text is looked at, for many an export has none."""
        return re.compile(_filled(self.words), re.MULTILINE)

    @cached_property
    def beside(self) -> re.Pattern[str] | None:
        """What has to stand somewhere in the text as well."""
        return re.compile(_filled(self.words_beside)) if self.words_beside else None

    @property
    def phase(self) -> str | None:
        """The phase of the status page that such a line shows as failed; None for other kinds."""
        return self.stage if self.group == PAGE and self.stage in _PHASES else None


def quotes_in(lines: Sequence[str]) -> list[Quote]:
    """Return the errors that a text quotes; none of a text that is a guide.

    Args:
        lines: Without their ends.
    """
    lines = in_one_line(lines[:_LONGEST])
    text = "\n".join(line[:_SEARCHED] for line in lines)
    if is_guide(text):
        return []
    flat = " ".join(line[:_SEARCHED].strip(_MARGIN) for line in lines)
    known = [kind for kind in kinds() if kind.pattern.search(text) or kind.pattern.search(flat)]
    known = [kind for kind in known if kind.beside is None or kind.beside.search(flat)]
    if all(kind.group in DETAIL_GROUPS | WITH_ANOTHER.keys() for kind in known):
        return []
    found = [quote for at in range(len(lines)) for quote in _at(known, lines, at)]
    groups = {kind.kind: kind.group for kind in kinds()}
    found, successes = _contradicted(_without_waits(found), lines)
    found = _of_what_failed(_of_what_failed(found, PACKAGE, INSTALLED), COMMAND, COMMAND_DONE)
    sign_ins = {kind for kind, group in groups.items() if group == SIGN_IN}
    for several in ({PACKAGE}, {PACKAGE_LOG}, {UPDATE}, sign_ins):
        if len({quote.item for quote in found if quote.kind in several}) > 1:
            found = [quote for quote in found if quote.kind not in several]
    found = sorted([*found, *successes], key=lambda quote: quote.line)
    found = [quote for quote in found if groups[quote.kind] != SETUP_COMMAND or not _overtaken(quote, lines)]
    out = _out_of_place(found, groups, sum(bool(line.strip()) for line in lines))
    if len({code.lower().removeprefix("0x") for code in _CODES.findall(flat)}) > MOST_REPORTED:
        out |= PLAIN
    return [quote for quote in found if groups[quote.kind] not in out]


def _out_of_place(found: Sequence[Quote], groups: Mapping[str, str], written: int) -> set[str]:
    """Return the groups of errors that say nothing here: lists of codes, and details without their error.

    Args:
        found: Errors of one text.
        groups: The group of each kind.
        written: How many lines of the text are not empty.
    """
    shown = {groups[quote.kind] for quote in found}
    out = {
        group for group in shown & ONE_CODE if _lists(quote for quote in found if groups[quote.kind] == group)
    }
    if PAGE in shown - out or written > BARE_WITHIN:
        out |= {PROGRESS}
    if not {PAGE, PROGRESS} & (shown - out):
        out |= {PAGE} if SIGN_IN in shown else {PAGE, DETAILS}
    if SIGN_IN not in shown:
        out |= {SIGN_IN_DETAILS}
    if not {PORTAL, PORTAL_ITEM} & shown:
        out |= {PORTAL_DETAILS}
    out |= {group for group, other in WITH_ANOTHER.items() if other not in shown}
    if not {WINGET, CONTRADICTED} & (shown - out):
        out |= {WINGET_DETAILS}
    if not {TOOLKIT, CONTRADICTED} & shown:
        out |= {TOOLKIT_DETAILS}
    if SIGN_IN in shown:
        out |= {SIGN_IN_WORDS, SIGN_IN_POLICY}
    if shown & {SIGN_IN, SIGN_IN_WORDS}:
        out |= {REPORTED_POLICY}
    out |= {RESTRICTION} if PAGE in shown - out else {HARDWARE_DETAILS}
    if shown - out - {BARE, "connector"} or written > BARE_WITHIN:
        out |= {BARE}
    return out


def _of_what_failed(found: list[Quote], begun: str, done: str) -> list[Quote]:
    """Return errors without the things that a program began and was done with before an error of it.

    Of what is begun inside another, as a package that the first one needs, the last begun is the first done.

    Args:
        found: In the order of their lines.
        begun: The kind that names a thing.
        done: The kind that says that the last one named is done.
    """
    open_ones: list[Quote] = []
    for quote in found:
        if quote.kind == begun:
            open_ones.append(quote)
        elif quote.kind == done and open_ones:
            open_ones.pop()
    return [quote for quote in found if quote.kind not in (begun, done) or quote in open_ones]


def _without_waits(found: list[Quote]) -> list[Quote]:
    """Return errors without waits for another installation that something ended well behind."""
    done = max((quote.line for quote in found if quote.kind == COMMAND_DONE), default=-1)
    return [quote for quote in found if quote.kind != INSTALLER_BUSY or quote.line > done]


def _contradicted(found: list[Quote], lines: Sequence[str]) -> tuple[list[Quote], list[Quote]]:
    """Return errors without failures that no success stands right above, and the successes of the others.

    What winget installed last must be the app itself: a package that another one needs proves nothing of it.
    """
    waiting, kept, successes = 0, [], []
    done: Quote | None = None
    for quote in found:
        if quote.kind == PACKAGE:
            waiting += 1
        elif quote.kind == INSTALLED:
            waiting, done = max(waiting - 1, 0), quote
        if quote.kind != CALLED_FAILED:
            kept.append(quote)
        elif done is not None and not waiting and quote.line - done.line <= CALLED_WITHIN:
            between = lines[done.line + 1 : quote.line]
            if not any(_FAILS.search(line[:_SEARCHED]) for line in between):
                kept.append(quote)
                successes.append(done)
    return kept, list(dict.fromkeys(successes))


def _overtaken(quote: Quote, lines: Sequence[str]) -> bool:
    """Tell whether a line behind the error of a command shows that its work was done all the same."""
    behind = "\n".join(line[:_SEARCHED] for line in lines[quote.line + 1 :])
    return any(
        re.fullmatch(fact["command"], quote.item, re.IGNORECASE) and re.search(fact["pattern"], behind)
        for fact in read_facts("setup_commands").iter_rows(named=True)
    )


def _lists(quotes: Iterable[Quote]) -> bool:
    """Tell whether errors of one group have several codes, as a list of errors has."""
    return len({quote.code.lower() or quote.exit for quote in quotes if quote.code or quote.exit}) > 1


def reread(kind: str, text: str) -> Quote:
    """Return the error that a line shows, of a kind by which it is known.

    Args:
        kind: Of facts/quotes.csv.
        text: The line.
    """
    own = [one for one in kinds() if one.kind == kind]
    return next(iter(_quotes_of(own, 0, text)), Quote(kind, 0, text, "", "", ""))


def _at(known: Sequence[Kind], lines: Sequence[str], at: int) -> list[Quote]:
    """Return the errors of a line, and those that a mail broke between it and the next."""
    line = lines[at][:_SEARCHED]
    whole = _quotes_of(known, at, line)
    after = lines[at + 1][:_SEARCHED].strip(_MARGIN) if at + 1 < len(lines) else ""
    if not after or not _WRAPPED[0] <= len(line) <= _WRAPPED[1]:
        return whole
    groups = {kind.group for kind in known for quote in whole if quote.kind == kind.kind}
    others = [kind for kind in known if kind.group != DETAILS and kind.group not in groups]
    return [*whole, *_quotes_of(others, at, f"{line.rstrip()} {after}", over=len(line.rstrip()))]


def _quotes_of(known: Sequence[Kind], at: int, line: str, over: int = 0) -> list[Quote]:
    """Return the errors of a line, of each group the first that fits.

    Args:
        known: The kinds that are tried.
        at: Where the line stands.
        line: The line.
        over: The place that an error must span; 0 for any.
    """
    found: dict[str, Quote] = {}
    for kind in known:
        hit = kind.pattern.search(line)
        key = kind.kind if kind.group in _KINDS_OF_A_LINE else kind.group
        spans = hit is not None and (not over or hit.start() < over < hit.end())
        if hit and kind.group in _MET and explains(line, hit.start(), hit.end()):
            continue
        if hit and kind.group in _MET and _FORMER.search(line[: hit.start()]):
            continue
        if hit and kind.group in PLAIN and _is_listed(line, hit.start()):
            continue
        if hit and spans and key not in found:
            named = {name: value or "" for name, value in hit.groupdict().items()}
            code = named.get("code", "").lower().removeprefix("0x")
            shown = (named.get("item") or named.get("app") or "").strip()
            item = kind.item.replace("{}", shown) if kind.item else shown
            found[key] = Quote(kind.kind, at, line.strip(), code and f"0x{code}", named.get("exit", ""), item)
    return list(found.values())


def _is_listed(line: str, begin: int) -> bool:
    """Tell whether a plain sentence heads a part, a row or a point of a list, or is only supposed."""
    listed = _LISTED.match(line)
    supposed = rf"(?:{shared_pattern('ONLY SUPPOSED')})[^.!?\n]{{0,80}}$"
    return bool(listed and listed.end() >= begin) or bool(re.search(supposed, line[:begin], re.IGNORECASE))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of error that is known by its words, in the order in which they are tried."""
    return tuple(
        Kind(
            kind=row["kind"],
            group=row["group"],
            rule=row["rule"] or "",
            words=row["pattern"],
            words_beside=row["beside_pattern"],
            item=row["item"] or "",
            stage=row["stage"],
        )
        for row in read_facts("quotes").iter_rows(named=True)
    )


def _filled(pattern: str) -> str:
    """Return a pattern with the words in it that several rows, or another table of facts, have."""
    for place, words in _places().items():
        pattern = pattern.replace(place, words) if place in pattern else pattern
    return pattern


@cache
def _places() -> dict[str, str]:
    errors = read_facts("script_errors").select("rule", "pattern").iter_rows()
    commands = {"<SETUP COMMAND>": f"(?:{'|'.join(read_facts('setup_commands')['command'])})"}
    return _WORDS | commands | {f"<{rule}>": words for rule, words in errors}


_BEGINS = (
    r"something went wrong|etwas ist schief(?:gelaufen|gegangen)|ein fehler ist aufgetreten|"
    r"es ist ein (?:problem|fehler) aufgetreten|un problème est survenu|algo (?:salió|ha salido) mal|"
    r"se (?:produjo|ha producido) un (?:error|problema)"
)
"""How a page begins that shows an error."""
_SAYS = (
    r"sign-in information and that your organi[sz]ation|additional problem information|"
    r"error communicating with the server|richtigen Anmeldeinformationen|bonnes informations de connexion|"
    r"informations de connexion correctes|información de inicio de sesión correcta"
)
"""What such a page says of the error."""
_TIME_RAN_OUT = (
    r"die installation hat (?:das|die) von (?:ihrer|deiner) organisation \w{5,14} "
    r"(?:zeitlimit|zeitbegrenzung|zeit|frist) überschritten",
    r"l[’']installation a dépassé (?:le délai|la limite de temps|la durée)(?: maximale?)? \w{4,12} par votre "
    r"organisation",
    r"la instalación (?:ha )?(?:super|exced)\w{1,3} el (?:límite de tiempo|tiempo límite|tiempo máximo) "
    r"\w{6,14} por (?:su|tu|la) organización",
    r"l[’']installazione ha superato il (?:limite di tempo|tempo limite|tempo massimo) \w{6,14} dall"
    r"(?:[’']|a tua |a )organizzazione",
    r"de installatie heeft de (?:tijdslimiet|tijdlimiet) overschreden die (?:door|is ingesteld door) "
    r"(?:uw|je) organisatie",
    r"a instalação (?:excedeu|ultrapassou) o limite de tempo \w{6,14} p(?:or|ela)(?: sua| tua)? organização",
    r"instalacja przekroczyła limit czasu \w{6,14} przez (?:twoją )?organizację",
    r"kuruluşunuz(?:un| tarafından) \w{6,14} (?:zaman|süre) sınırı(?:nı)? aş(?:ıl)?dı",
)
"""How the status page says in languages other than English that its time ran out."""
_PARTS = (
    r"Apps?|Certificates|Security policies|Network connections",
    r"Zertifikate|Sicherheitsrichtlinien|Netzwerkverbindungen",
    r"Applications|Certificats|Stratégies de sécurité|Connexions réseau",
    r"Aplicaciones|Certificados|Directivas de seguridad|Conexiones de red",
    r"Applicazioni|Certificati|Criteri di sicurezza|Connessioni di rete",
    r"Uygulamalar|Sertifikalar|Güvenlik ilkeleri|Ağ bağlantıları",
    r"Certificaten|Beveiligingsbeleid|Netwerkverbindingen",
    r"Aplicações|Aplicativos|Políticas de segurança|Conexões de rede|Ligações de rede",
)
_DEVICE_SETUP = (
    r"\bdevice setup\b|\bGeräteeinrichtung\b|\bconfiguration de l[’']appareil\b|"
    r"\bconfiguración del? dispositivo\b|\bconfigurazione (?:del )?dispositivo\b|"
    r"\bcihaz kurulumu\b|\bapparaatinstellingen\b|\bconfiguração do dispositivo\b|\bkonfiguracja urządzenia\b"
)
_ACCOUNT_SETUP = (
    r"\b(?:account|user) setup\b|\b(?:Konto|Benutzer)einrichtung\b|\bconfiguration du compte\b|"
    r"\bconfiguración de (?:la )?cuenta\b|\bconfigurazione (?:dell[’'] ?)?account\b|"
    r"\bhesap kurulumu\b|\baccountinstellingen\b|\bconfiguração da conta\b|\bkonfiguracja konta\b"
)
"""How the page calls its parts and its phases, in the same languages."""
PREVIOUS_STEP = late(
    r"(?i)\W{1,40}(?:previous step|vorheriger schritt|étape précédente|paso anterior|passaggio precedente|"
    r"vorige stap|etapa anterior|önceki adım|poprzedni krok)\b"
)
"""What stands right behind a phase that was not begun: the one before it had failed."""
_IDENTIFYING = (
    r"identifying|wird ermittelt|identifizieren|identification(?: en cours)?|identificando|"
    r"identificazione(?: in corso)?|tanımlanıyor|identificeren|identyfikowanie|a identificar"
)
"""How the page says that it does not know yet what a part of it has to do."""
_REFUSED = (
    r"your organi[sz]ation does not support this version of windows",
    r"(?:Ihre|deine) Organisation unterstützt diese Version von Windows nicht",
    r"votre organisation ne prend pas en charge cette version de windows",
    r"(?:su|tu) organización no admite esta versión de windows",
    r"la tua organizzazione non supporta questa versione di windows",
    r"(?:this|your) device is already (?:enrolled|connected to your organi[sz]ation)",
    r"(?:dieses|Ihr|dein) Gerät ist bereits (?:registriert|mit Ihrer Organisation verbunden)",
)
"""What a screen says as it refuses an enrolment, in several languages; its code stands behind it."""
_WORDS = {
    "<REFUSED ON SCREEN>": "|".join(_REFUSED),
    "<TIME RAN OUT>": rf"(?:{'|'.join(_TIME_RAN_OUT)})",
    "<PART>": rf"(?:{'|'.join(_PARTS)})",
    "<IDENTIFYING>": _IDENTIFYING,
    "<DEVICE SETUP>": _DEVICE_SETUP,
    "<ACCOUNT SETUP>": _ACCOUNT_SETUP,
    "<CODE WORD>": (
        r"(?i:(?:(?<!win32 )(?<!hresult )error code|fehlercode|code d[’']erreur|código de error|"
        r"codice (?:di )?errore|foutcode|código de erro|felkod|fejlkode|kod błędu)(?: is| ist)?\W{0,4}"
        rf"|(?:{_BEGINS})\W{{1,4}}"
        rf"|(?<![\w/.=&-])(?=(?:0x)?[8c][0-9a-f]{{7}}\b[^\w/?&=;#]{{1,6}}.{{0,60}}?(?:{_SAYS})))"
    ),
    "<PAGE BEGINS>": _BEGINS,
    "<PAGE SAYS>": _SAYS,
}
"""Words in several patterns: what a page calls its code, or writes right before or behind it, in the
languages that are known (events write of a Win32 error code); how it begins; what it says."""
