"""Names that are known to stand for one another: short forms and usual romanisations.

Each line is one group, common knowledge compiled by us; no list was copied
(docs/reference/synthetic-data.md).
A name may stand in several groups. Tracing does not lean on this table: most romanisations already share a
consonant skeleton.
"""

from functools import lru_cache

_GROUPS = """
william bill will billy liam wil
robert bob rob bobby robbie bert
richard rick dick ricky rich
james jim jimmy jamie
john jack johnny jon jonathan
michael mike mick micky mikey michal
thomas tom tommy
charles charlie chas chuck
edward ed eddie ted ned teddy
henry harry hal
george georgie
david dave davy dai
daniel dan danny
andrew andy drew
anthony tony antony ant
christopher chris kit topher
stephen steven steve stevie
joseph joe joey yusuf youssef
peter pete
matthew matt matty mateusz mathew
nicholas nick nicky nicolas
alexander alex sandy alec alek
alexandra alex sandra sasha
alan allan allen al
patrick pat paddy
kenneth ken kenny
ronald ron ronnie
donald don donny
gerald gerry jerry
gregory greg
philip phil phillip filip
samuel sam sammy
samantha sam
benjamin ben benny
timothy tim
simon si
raymond ray
leonard len lenny leo
lawrence larry laurence laurie
frederick fred freddie
francis frank frankie
frances fran fanny
elizabeth liz beth betty lizzie eliza libby elsie lisa bess
margaret maggie meg peggy greta marge madge
catherine kate cathy katie katherine kathryn kathleen kitty kath katarzyna
mary molly polly may maria
anne ann anna annie hannah nan
susan sue susie suzanne
patricia pat pattie trish tricia
jennifer jen jenny
jacqueline jackie jacqui
deborah debbie deb debra
barbara babs barb
christine chris tina christina krystyna
victoria vicky tori
rebecca becky becca
sarah sara sally sadie
joanne jo joanna joan
jessica jess jessie
abigail abi abby
amanda mandy
angela angie
dorothy dot dolly dorothea
eleanor ellie nell nellie elinor
helen nell ellen helena
emily em emma emmy
florence flo florrie
gillian gill jill
isabel isabella bella izzy isobel
josephine jo josie
judith judy
louise lou louisa
pamela pam
penelope penny
rosemary rose rosie
sandra sandy
theresa terry tess teresa
veronica ronnie vera
wendy gwen gwendoline
mohammed muhammad mohamed mohammad mohamad muhammed mohd md mahamed maxamed mehmet mo
ahmed ahmad ahmet axmed
abdul abd abdel abdal abdol
abdullah abdulla abdallah abdalla cabdulle
abdi cabdi
abdirahman abdulrahman abdurrahman cabdiraxmaan
hussein hussain husain husayn hossain hossein huseyin xuseen
hassan hasan xasan
ali aly cali
omar umar omer cumar
osman usman uthman othman cusmaan
ibrahim ebrahim abraham ibrahima
ismail ismael esmail ishmael
yusuf yousuf yousef yousaf youssef joseph
yunus younis younus jonah
khalid khaled xaalid halid
khadija khadijah khadeeja hatice khadra
fatima fatimah fatema fatma fadumo faduma
aisha aysha ayesha aishah ayse caasha asha
maryam mariam miriam meryem maryan
zainab zaynab zeinab zeynep
amina aminah ameena aamina
noor nur nour noora
begum begam
khatun khatoon hatun
miah mia mian miya
choudhury chowdhury chaudhry choudhary chaudhary chowdhary
uddin udin ud-din
rahman rehman raman
sheikh shaikh shaykh shekh
sayed syed said sayyid sayeed
patel pattel
singh sing
kaur kour
tekle tekleab
tesfay tesfai tesfaye
yohannes johannes yohanes
gebre ghebre ghebreyesus
haile hayle
kidane kidan
nguyen nguyan
li lee lei
wang wong
zhang cheung chang
chen chan tan
lin lam lim
wu ng
huang wong
zhou chow chau
xu hsu tsui
liu lau
yang yeung young
zheng cheng
joao john
jose josef
ion ioan john
mihai michael
stefan stephen steven
gheorghe george
andrei andrew
alexandru alexander
krzysztof christopher
piotr peter
pawel paul
jan john
malgorzata margaret gosia
agnieszka agnes aga
joanna joanne asia
olusegun segun
oluwaseun seun
oluwaseyi seyi
babatunde tunde
olayinka yinka
adebayo bayo
adewale wale
folasade sade
temitope tope
chukwuemeka emeka
chukwudi chudi
ngozi ngozichukwu
kwabena kobina kobena
kwadwo kojo kwadjo
kwame kwamena
"""


def _table() -> dict[str, frozenset[str]]:
    """Return for each name the names that may stand for it, itself excluded."""
    found: dict[str, set[str]] = {}
    for line in _GROUPS.split("\n"):
        group = line.replace("-", "").split()
        for name in group:
            found.setdefault(name, set()).update(other for other in group if other != name)
    return {name: frozenset(others) for name, others in found.items()}


_VARIANTS = _table()


@lru_cache(maxsize=8_192)
def variants(token: str) -> frozenset[str]:
    """Return the names that may stand for `token`, itself excluded; mostly empty."""
    return _VARIANTS.get(token, frozenset())
