"""Words of like meaning at a game table, so that a question may be put in other words.

Small on purpose: what game masters ask about (who did what to whom, where, with what). Each
line is one meaning; words are compared by their stems.
"""

from __future__ import annotations

from ttrpg_assistant.builtin.words import stem

_MEANINGS = """
    hide hid hidden conceal bury buried stash tuck
    steal stole stolen rob theft thief pilfer burgle swipe
    kill killed slay murder assassinate slain execute
    die died dead death perish
    poison venom toxin poisoned
    betray betrayal traitor treachery
    love beloved lover romance sweetheart
    marry marriage wed weds wedding married spouse husband wife
    child son daughter heir offspring
    brother sister sibling
    father mother parent
    fear afraid scare scared dread terrified frightened
    hate despise loathe detest
    owe debt owes indebted
    pay paid bribe price cost
    buy bought purchase
    sell sold merchant trader
    promise swear swore oath vow pledge sworn
    secret secretly hidden covert
    lie lied deceive liar
    key password passphrase watchword
    name called alias
    weapon sword blade dagger
    treasure hoard gold riches loot
    ring jewel gem amulet
    book tome ledger journal diary
    letter note message missive
    map chart
    inn tavern alehouse pub
    temple shrine church chapel
    castle keep fortress stronghold
    city town village settlement
    forest wood woods grove
    ship boat vessel galley
    captain commander leader chief boss
    king queen ruler monarch crown
    guard watchman sentry
    priest cleric acolyte
    wizard mage sorcerer witch
    soldier warrior fighter
    ally friend companion
    enemy foe rival nemesis
    attack ambush raid assault
    burn burned fire flame torch
    break broken shatter destroy smash
    heal healed cure mend
    wound injury hurt scar
    sick ill illness disease plague fever
    cursed curse hex
    meet met encounter
    travel journey voyage
    escape escaped flee fled
    capture captured prisoner imprison jail
    rescue save saved free
    find found discover discovered
    lose lost missing
    live lives lived dwell reside home house
    work job employ trade profession
    spy spies informant informer
    smuggle smuggler contraband
    drink drinks ale wine beer
    eat eats food meal
    horse mount steed
    monster beast creature
    night midnight dusk
    old elder ancient
    young youth
    born birth birthplace hometown
    teach taught mentor tutor trained
    build built construct
    guild order faction
    song tune ballad
    dream vision prophecy
    door gate entrance
    tunnel passage underground
    cellar basement
    mill miller
    bridge crossing
    river stream
    sea ocean harbour harbor port dock
    mountain peak summit
    desire want wish crave
    favourite favorite prefer
    allergic allergy
    limp lame
    blind eye
"""


def _read() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in _MEANINGS.strip().splitlines():
        words = line.split()
        for word in words:
            known = found.setdefault(stem(word), [])
            known += [other for other in words if stem(other) != stem(word)]
    return {root: tuple(dict.fromkeys(others)) for root, others in found.items()}


_BY_STEM = _read()


def list_synonyms(root: str) -> tuple[str, ...]:
    """Other words for the word with this stem; empty when none are known."""
    return _BY_STEM.get(root, ())
