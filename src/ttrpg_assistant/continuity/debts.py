"""Whether a sentence says that somebody owes somebody: a debt, a loan, a favour not yet returned.
Reads what `spell_plainly` gives. Pure; English."""

from __future__ import annotations

from ttrpg_assistant.continuity.deeds import TALES
from ttrpg_assistant.continuity.phrases import Phrases
from ttrpg_assistant.continuity.plain_words import split_clauses

_MONEY = (
    "fees?|wages?|rent|bill|bills|fine|toll|tax|taxes|dues|instal?lments?|mortgage|payments?"
    "|share|cut|costs?|loan|balance|salary|pay|ransom|tithe|tithes|stipend|blood-price"
    "|blood price|weregild|bounty|reward|tab|debts?|invoice|deposit|tribute"
)
_OWED = Phrases(
    r"""
    (?:owe[sd]?|owing)(?! (?:(?:its|the|{OWN}) )?(?:{FIGURE}|to the fact|much to)\b)
    in (?:{OWN}|\w+'s) debt|in debt (?:to|with)|indebted to|beholden to
    (?:much|deeply) obliged to {OBJ}
    (?:{THE}|another|\d+|old|gambling|blood|life|have|has|now|some) (?:\w+ ){0,2}debts? (?:to|of
        |by|with|at|now|hung|hangs|stands|stood|between|remains?|lies|lay|is (?:still )?(?:open
        |due|owed|unpaid))
    debts? (?:now )?(?:to|by|with) WHO|i\.?o\.?u\.?|on credit|in hock|on tick
    (?:tab|slate|account|credit|bill) (?:at|with|in|by|from) (?:WHO(?:'s)?|PLACE|the)
    on (?:the|{OWN}) (?:tab|slate|account|cuff)|in the (?:hole|red) (?:with|to|by)|in WHO's books
    (?:unpaid|outstanding|overdue|past due|in arrears|not yet paid|unsettled|due to WHO|still due
        |good for it)
    (?:still|yet) to (?:be )?(?:pay|paid|repay|repaid|settle|settled|reimburse)
    (?:{MONEY}) (?:\w+ ){0,4}(?:is|are|was|falls?|comes?)? ?(?:still )?due
    (?:{MONEY}) (?:for|of|to|at|with)? ?(?:[\w']+ ){0,4}?,? ?(?:{NUMBER}|\w+) (?:days|weeks|months
        |cycles)(?: (?:behind|late|overdue|in arrears))?
    (?:{MONEY}) (?:\w+ ){0,6}(?:sits?|lies?|waits?|remains?|hangs?|goes|went) (?:\w+ )?(?:on|open
        |waiting|unpaid|with|over|unanswered)
    (?:days|weeks|months|cycles) (?:behind|late) (?:on|with)
    (?:has|have|had|is|was|are|were) (?:still )?(?:not|never) (?:yet |been |even )*(?:paid|repaid
        |reimbursed|settled (?:up|with|the|his|her|their)|returned the favour|given back
        |got (?:his|her|their) (?:money|gold|share|cut|pay))
    {PARTY} never (?:paid|repaid|reimbursed)
    (?:yet|still) to (?:hand|give|return|deliver|send|turn over)|signed away
    demand(?:s|ed)? (?:compensation|payment|repayment|damages|restitution)|without paying
    expects? (?:{OWN} )?(?:{MONEY}|money|gold|silver|coin)
    {OWN} life (?:is WHO's|belongs to {OBJ})|WHO's life is WHO's
    (?:do not think (?:i|we)(?: have)?|(?:i|we) have not|has not|have not) (?:forgot(?:ten)?
        |forget) (?:about )?(?:the|your|that|those|what)
    (?:{MONEY}) (?:\w+ ){0,4}not (?:yet )?(?:been )?(?:collected|claimed|received|handed (?:out
        |over)|delivered)
    you (?:can |may )?pay for
    (?:{MONEY})[^.]{1,60}\d ?(?:gp|sp|cp|gold|crowns?|silver|cr|k|coins?
        |dollars)[^.]{0,60}(?<!\w)(?:till|until|by|before)
    extend(?:s|ed) (?:\w+ ){0,2}credit
    (?:want|hope|need)s? to make (?:it|this|that) (?:up|right|good)
    \A\W*(?:debts?|owes?|owed|iou|favours?(?: owed)?|loans?|to pay)(?: \w+){0,2}:(?! (?:none
        |nothing|paid|settled)\b)(?= ?\S)
    (?:not know|no idea) how (?:i |we )?(?:can |could |to )?(?:ever )?(?:repay|thank)
    (?:favour|it|this|that) (?:is |as )?a loan
    (?:{MONEY})[^.]{0,40}(?<!\w)(?:behind|late|overdue|in arrears|outstanding)
    nothing (?:is|comes) (?:ever )?(?:for )?free
    still wait\w* (?:for|on) {FEW}(?:payment|money|coin|share|cut|fee|wages?|gold|silver|pay)
    call(?:s|ed|ing)? in (?:{THE}|on) (?:\w+ )?(?:favour|debt|marker|chit)s?
    collect(?:s|ing)? (?:on )?(?:{THE}|what) (?:\w+ )?(?:debt|favour|owe[sd]?|is owed|due)
    wants? (?:a|one|her|his|the|their) (?:\w+ )?favour|favour in return|wants? paying
    an? (?:\w+ )?(?:favour|marker|boon) (?:to be named|of {OWN} choosing|in future|later)
    wants? (?:it |one |them |him |her |that |the (?:\w+ ){1,2}|THING )back
    (?:want|expect|ask|wants|expects|asks)(?:s|ed)? (?:something|payment|repayment|compensation
        |a new one|her money|his money|their money|her due|his due)(?: (?:for|in return|back))?
    (?:{MUST}) (?:\w+ )?(?:repay|reimburse|give back|bring (?:it |them |THING )?back|replace
        |compensate|make (?:it|this|that|up)|(?:earn|win) (?:it|that) back|work off|pay (?:the|for
        |back|off|up|by|\d+|{OBJ})|settle (?:up|the|with|{OWN})|give (?:it |THING |the \w+ |{OBJ} )
        (?:back|one|a|an)|return (?:the|THING|it|WHO's) (?:\w+ )?to WHO|work (?:it|that|this) off)
    you will (?:be )?pay(?:ing)? (?:me )?for (?!this\b|that\b(?! \w)|what|everything|it\b)(?:the
        |that|my|those) \w+
    (?:still )?(?:has|have|holds?|got) WHO's (?!{TRUST})\w+(?= *\Z|[.,!]| and| in| from| since)
    still (?:has|have|holds?) WHO's
    (?:buy|buying|get|getting|bring|make|find) (?:me|us|{OBJ}) (?:a|an|another) (?:new )?\w+
    you (?:can )?replace (?:it|that|them|my \w+)|pay (?:{OBJ} )?when (?:you|they|we|he|she) can
    on trust|signed (?:a|the|her|his) (?:paper|note|marker|iou|bond|chit)
    (?:crowns?|gold|gp|sp|cp|silver|coins?|dollars|credits|marks|pieces|bucks|quid|k) short
    to be (?:settled|paid|repaid)|held back|(?:will|shall) expect(?! (?:nothing|no))
    expects? (?:{OBJ}|{PARTY}) to
    in (?:the|a|{OWN}) (?:\w+ ){0,2}(?:ledger|black book|debt book|account book)
    you must {FEW}(?:my|me|our|us)|next time (?:\w+ ){1,4}you (?:bring|pay|give|owe)
    (?:have|has) to (?:bring|give|fetch|pay|get|find) (?:{OBJ}|it)
    pay (?:back|{OBJ}) (?:\w+ ){0,5}by|pay back
    to be (?:paid|repaid|counted out|returned|settled|handed over) (?:\w+ ){0,2}(?:once|when|on
        |upon|after|by|at|in|from)
    pawned|mortgaged|as (?:a )?(?:collateral|security|surety|pledge)|on loan from
    in advance (?:from|by) WHO|half (?:now|up front|upfront|in advance)
    into (?:me|us|him|her|WHO|them) for|down because of
    (?:is|are|was) on (?:you|him|her|WHO|us|me|them)(?= *\Z|[.,!])|replacement(?:'s| is)? on \w+
    how (?:can|could|does|do|will|would|shall|should) (?:\w+ )?(?:ever )?(?:repay|make (?:that
        |this|it) right|thank)
    (?:remember|asked that we remember|not forget|never forget) (?:it|this|that
        |what)(?: \w+)? when (?:he|she|they|i|we|WHO) (?:comes?|calls?|knocks?)
    if (?:there is )?(?:ever )?(?:there is )?anything (?:i|we) can do
    """,
    FIGURE=(
        "name|beauty|looks|charm|temper|success|fame|reputation|existence|origin|luck|talent"
        "|manners|education|nose|eyes|victory|win|escape|thanks"
    ),
    MONEY=_MONEY,
    TRUST="attention|ear|trust|back|word|respect|permission|support|eyes|nose|voice|blessing|favour|number|key",
    MUST=(
        "must|has to|have to|needs? to|should|is to|are to|will have to|had better|wants? WHO to"
        "|promised to|agreed to|still to|(?:is|are) supposed to"
    ),
)
_LENT = Phrases(
    r"""
    (?:lent|loaned|lends(?! (?:to|itself))|loans|lending|borrow(?:ed|s)|(?:fronted|staked|spotted
        |bankrolled|advanced|sponsored|stood)(?= {OBJ}| {PARTY}| \d))(?! (?:time|ear|an ear|a hand
        |weight|credence|heavily|{OWN} (?:voice|name|support|weight|ear|hand|strength)
        |{OBJ} (?:an ear|a hand))\b)(?=[^.]{0,60}(?<!\w)(?:WHO|{OBJ}|{PARTY}|from|off)(?!\w))
    WHO (?:covered|fronted|advanced|footed|paid) (?:it|them|the (?:bill|costs?)|for (?:it|them
        |us))
    """
)
_FOR_A_LIFE = Phrases(
    r"""
    (?:saved|spared) (?:the life of |{OWN} (?:life|lives)|WHO|us|me
        |them)[^.]{0,80}(?<!\w)(?:in return|repay|debt|favour|owe|wish|must|(?:not|never) forget)
    i (?:will|shall) not forget (?:this|what you|it)|(?:owes?|owed) {OWN} li(?:fe|ves)
    (?:were it not|had it not been|if not) for WHO,? (?:i|we|he|she|they) (?:would|should)
    """
)
_NOT_OWED = Phrases(
    r"""
    (?:never|not|nobody|no one|none|nothing|neither|no longer|without|if|would|could|might|as if
        |did|does|do|who|what|how much|nor|than|claims?
        |says? that nobody)(?: \w+){0,3} (?:ow(?:e[sd]?|ing)|in (?:\w+ )?debt|indebted|borrow|lent
        |lend)
    owing to|apolog\w+|explanation|owes? (?:it|that|this|nothing|nobody|no one|us the truth)
    out of debt|no debts?|the \w+ (?:we|they|he|she|you|i) (?:had )?owed
    debts? (?:is|are) (?:a|like|the)|debt[- ](?:collectors?|slav\w+)|borrowed time
    owed? (?:it to|each other|(?:\w+ )?(?:respect|obedience|loyalty))
    a drink|a (?:beer|round|story|hug|thank|pint|coffee|visit)
    lent {OBJ} an? (?:arm|shoulder|hand|ear)|maybe|perhaps|might|his due
    due (?:north|south|east|west|to the|respect|course|time)|you all|credit where|legal|in full
    """
)
_SETTLED = Phrases(
    r"""
    (?<!not )(?<!never )(?<!yet )(?<!be )(?<!half )(?<!been )(?:paid|pays|repaid|repays|settled
        |settles|cleared|squared|given back|gave back|gave it back|handed back|already back
        |returned|entered in error|struck out|cancelled|forgave|forgiven|is even|are even|done with
        |torn up|worked off|paying off)
    """
)
_STILL = Phrases(
    r"""
    still|not|never|yet|half|rest|remains?|other half|second half|first|advance|part|covered
    fronted|but
    """
)


def is_debt(plain: str) -> bool:
    """Whether somebody owes somebody by this sentence, and has not paid in the same breath."""
    if not any(pattern.is_in(plain) for pattern in (_OWED, _LENT, _FOR_A_LIFE)):
        return False
    if _NOT_OWED.is_in(plain) or TALES.is_in(plain):
        return False
    clauses = split_clauses(plain)
    return not any(_SETTLED.is_in(one) and not _STILL.is_in(one) for one in clauses)
