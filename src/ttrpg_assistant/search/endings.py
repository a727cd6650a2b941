"""Endings that one word takes, language by language: what search looks for beside a word.

Each line is one way to inflect: a word that has one of its endings is looked for with all the
others. `-` is no ending; a line with `=` has whole words. Everything is folded as
`script_words.fold_word` does: `ä` is `a`, `ё` is `е`.
Only inflection, never derivation: `university` is no form of `universe`.
"""

from __future__ import annotations

ENGLISH = """
- s es
- ed ing s
e es ed ing
y ies ied ying
f ves
fe ves
= hide hides hid hidden hiding
= eat eats ate eaten eating
= fall falls fell fallen falling
= throw throws threw thrown throwing
= know knows knew known knowing
= take takes took taken taking
= give gives gave given giving
= forget forgets forgot forgotten forgetting
= write writes wrote written writing
= drive drives drove driven driving
= grow grows grew grown growing
= draw draws drew drawn drawing
= fly flies flew flown flying
= see sees saw seen seeing
= come comes came coming
= begin begins began begun beginning
= tear tears tore torn tearing
= bear bears bore borne born
= find finds found finding
= die dies died dying
"""
ENGLISH_WITHOUT_ENDING = """
anything beloved bring breed ceiling crooked darling death during evening everything hundred indeed
inning kindred king lightning morning naked news nothing offspring ragged rugged sacred series
sibling something species spring sterling string thing united wedding wicked wing
"""
"""Words that only look as if they had one."""

GERMAN = """
- e en n s es er ern em ens nen
el le les len lem ler eln
er re res ren rem rer ern
en n e st est t et te test ten tet ete eten end
"""
FRENCH = """
- s e es x
al aux ale ales
eau eaux
eux euse euses
if ive ifs ives
er ere ers eres
en enne ens ennes
eur euse eurs euses trice trices
el elle els elles
= vieux vieil vieille vieilles
= beau bel belle beaux belles
= nouveau nouvel nouvelle nouveaux nouvelles
= oeil yeux
= fou fol folle fous folles
= blanc blanche blancs blanches
= long longue longs longues
= sec seche secs seches
er e es ons ez ent ai ais ait ions iez aient era eras erons eront erait a erent ee ees ant
ir is it issons issez issent issait issaient ira iront i ie ies irent
re s - ons ez ent ait aient u ue us ues ra ront it irent
"""
SPANISH = """
- s es
z ces
o a os as
ar o as a amos ais an aba abas aban e aste aron are ara aran aria ando ado ada ados adas en emos
er ir o es e emos imos en ia ias ian i iste io ieron era ira eran iran iendo ido ida idos idas a an
"""
ITALIAN = """
o a i e
co chi ca che
go ghi ga ghe
io i ia ie
are o i a iamo ate ano ava avano ai arono ato ata ati era eranno ando
ere ire o i e iamo ete ite ono eva iva evano ivano irono uto ito uta ita uti iti ute ite endo
"""
PORTUGUESE = """
- s es
ao oes aos aes
m ns
l is
o a os as
ar o as a amos am ava avam ei ou aram ara ado ada ados adas ando
er ir o es e emos imos em ia iam i eu iu eram iram era ira ido ida idos idas endo indo
"""
DUTCH = """
- e en s n er ers
en - t te ten de den d end
"""
POLISH = """
- a owi em iem ie u y i ow om ami ach e owie
k ka kowi kiem ku cy ki kow kom kami kach
a y i e o - om ami ach ie
ia ie i io - iom iami iach
o a u em ie - om ami ach
e a u em i om ami ach
ek ku kiem kowi ki kow kom kami kach
ec ca cu cem cowi cy cow com cami cach
ka ki ce ke ko ek kom kami kach
ta ty cie te to t tom tami tach tem ci
da dy dzie de do d dom dami dach dem
ga gi dze ge go g gom gami gach
y i a e ego emu ym im ej ych ich ymi imi
ac am asz a amy acie aja al ala alo ali aly
ic e isz i imy icie a il ila ilo ili ily
yc y ysz ymy ycie a yl yla ylo yli yly
ec e isz i imy icie a al ala alo eli aly
owac uje ujesz ujemy ujecie uja owal owala owalo owali owaly
"""
POLISH_CHANGES = """
ra ry rze re ro r rom rami rach rzy rem
r ra rowi rem rze rzy row rom
"""
SWEDISH = """
- en n et t ar er or r arna erna orna na s
a ar ade at er te t
"""
DANISH = """
- en n et t er r e erne ene ne s
e er ede et te t
"""
RUSSIAN = """
- а у ом ем е ы и ов ев ей ам ами ах
ь я ю ем е и ей ью ям ями ях
й я ю ем е и ев ям ями ях
а ы и е у ой ою ей - ам ами ах
я и е ю ей ь - ям ями ях
ия ие ии ию ией ием ий иям иями иях
о а у ом е - ам ами ах
е я ю ем и ей ям ями ях
ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ых их ыми ими ей
ать аю аешь ает аем аете ают ал ала ало али ай айте
ить ю у ишь ит им ите ят ат ил ила ило или и
еть ею еешь еет еем еют ел ела ело ели ишь ит им ят
ять яю яешь яет яем яют ял яла яло яли
нуть ну нешь нет нем нут нул нула нуло нули
овать ую уешь ует уем уют овал овала овало овали
"""
RUSSIAN_VOWELS_COME_AND_GO = """
ок ка ку ком ке ки ков кам ками ках
ек ка ку ком ке ки ков кам ками ках
ец ца цу цом цем це цы цов цев цам цами цах
ень ня ню нем не ни ней ням нями нях
ня ни не ню ней ен ням нями нях
ка ки ке ку кой кою ок ек кам ками ках
"""
GREEK = """
οσ ου ο οι ων ουσ ε
α ασ εσ ων ησ
η ησ εσ εισ ων εωσ εων
ι ιου ια ιων
ο ου α ων
μα ματοσ ματα ματων
οσ η ο ου ησ οι εσ α ων ουσ ην ον ια ιασ ιεσ
ασ α εσ ων ου
ησ η εσ ων
ω εισ ει ουμε ετε ουν α εσ ε αμε ατε αν ησα ησεσ ησε ησαμε ησαν
ω εισ ει ουμε ετε ουν σα σεσ σε σαμε σατε σαν
ω αω ασ αει αμε ατε ανε ουν ησα ησε ησαν ησω ησει ουσα ουσε ουσαν
"""
HINDI = """
ा े ों ो
ी ियाँ ियां ियों
- ें ों ओं
ना ता ती ते ने ा े ी ो ेगा ेगी ेंगे
ना या ये यी ई ए ता ती ते ेगा
"""

ARABIC_BEFORE = "- ال و وال ب بال ل لل ف فال ك كال"
ARABIC_AFTER = "ة ات ين ون ان ه ها هم ي نا ته تها"
HEBREW_BEFORE = "- ה ו ב ל מ ש כ וה וב ול ומ וש שה כש"
HEBREW_AFTER = "- ים ות ת י ה ו"

FUNCTION_WORDS = {
    "english": ("the a an", "and of to is was that it you with for"),
    "german": (
        "der die das ein eine einen den dem des er sie ich wir",
        "und ist nicht auf im mit von zum zur am sich hat wird vor aus",
    ),
    "french": (
        "le les une des du ces",
        "est et dans sur pour avec qui pas il elle ne aux sous sont nous vous",
    ),
    "spanish": (
        "el los las una del",
        "que en con por esta es y para se su la al de fue",
    ),
    "italian": (
        "il gli della dei nel alla dal lo",
        "che di e sono non con per ha si",
    ),
    "portuguese": (
        "os um uma do da dos ao",
        "nao em com na que foi pelo mais para se",
    ),
    "dutch": (
        "het een",
        "van niet op met voor naar zijn de ligt staat",
    ),
    "polish": (
        "w z jest nad pod byl byla sa we",
        "sie nie na do przez ze jest i za po",
    ),
    "swedish": (
        "och ett det en den",
        "som med pa ar av till har inte under",
    ),
    "danish": (
        "og et det en den",
        "som med pa er af til har ikke av under",
    ),
}
"""Words of which a text of the language has one of each list, and hardly a text of another."""

SIGNS = {
    "german": "der das ein eine einen dem und ist nicht auf im mit von zum zur sich wird ich sie",
    "french": "le les une des du ces est et dans sur avec qui il elle ne aux sont nous vous la un",
    "spanish": "el los las una del que en por esta es y para se la al un no lo su fue",
    "italian": "il gli della dei nel alla che di sono non la le un una",
    "portuguese": "os um uma da dos ao nao em na que foi pelo para se",
    "dutch": "het een niet voor naar zijn ligt staat de en",
    "polish": "w z jest nad byl byla sie nie przez ze",
    "swedish": "och ett det som av har inte en",
    "danish": "og det som af til har ikke en",
}
"""Where several languages are written, endings of one count only in a text with a word of these."""
