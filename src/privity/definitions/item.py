"""Data items: the named fields that may, or may never, leave.

Source: domain.md 1.2 (HSC/4 paragraph 3, HSJ, S1): the closed list of the 2017 memorandum as reported.
"""

from enum import StrEnum


class ItemClass(StrEnum):
    """The kinds of data item. What is clinical can leave under no agreement."""

    DEMOGRAPHIC = "demographic"
    """Who and where a person is."""
    CLINICAL = "clinical"
    """Anything that says something about health or care, the name of a clinic included."""
    ADMINISTRATIVE = "administrative"
    """What dealing with a person leaves behind: references, charges, whether a letter was sent; never health."""


class DataItem(StrEnum):
    """A named field a requester may ask for. Asking does not make it lawful."""

    NAME = "name"
    """Name as registered."""
    CHANGE_OF_NAME = "change_of_name"
    """Earlier registered family names."""
    LAST_KNOWN_ADDRESS = "last_known_address"
    """The residence on the register, never a correspondence address."""
    DATE_OF_BIRTH = "date_of_birth"
    """Date of birth as registered."""
    GENDER = "gender"
    """Gender as registered."""
    PRIMARY_CARE_AREA = "primary_care_service_area"
    """Code of the primary care service area; not the practice."""
    NHS_REGISTRATION_DATE = "nhs_registration_date"
    """The day the person was first registered."""
    GP_CONTACT = "gp_contact_details"
    """Name and address of the GP practice; the sources dispute it, so no Home Office version has it."""
    TELEPHONE = "telephone"
    """Telephone number."""
    EMAIL = "email"
    """E-mail address."""
    LETTER_FORWARDED = "letter_forwarded"
    """Whether a letter was sent on; where to is never said."""
    NATIONALITY = "nationality"
    """Nationality, as a charging office has it."""
    NATIONAL_INSURANCE_NUMBER = "national_insurance_number"
    """National Insurance number."""
    HOME_OFFICE_REFERENCE = "home_office_reference"
    """The Home Office's own reference for the person."""
    PASSPORT_REFERENCE = "passport_reference"
    """Number of a passport or the like."""
    DEBT = "debt"
    """What is owed, since when, and what was paid; never what the care was."""
    NEXT_APPOINTMENT = "next_appointment"
    """When and where the person is next seen. Clinical: the clinic reveals health."""
    CLINIC_ATTENDED = "clinic_attended"
    """Where the person was seen. Clinical: the clinic reveals health."""
    DIAGNOSIS = "diagnosis"
    """What the person suffers from."""
    MEDICATION = "medication"
    """What the person is prescribed."""

    @property
    def item_class(self) -> ItemClass:
        """Return which kind of item it is."""
        if self in _CLINICAL:
            return ItemClass.CLINICAL
        return ItemClass.ADMINISTRATIVE if self in _ADMINISTRATIVE else ItemClass.DEMOGRAPHIC

    @property
    def words(self) -> str:
        """Return the item in plain words, for letters and pages."""
        return _WORDS[self]


_CLINICAL = frozenset({DataItem.NEXT_APPOINTMENT, DataItem.CLINIC_ATTENDED, DataItem.DIAGNOSIS, DataItem.MEDICATION})
_ADMINISTRATIVE = frozenset(
    {
        DataItem.LETTER_FORWARDED,
        DataItem.NATIONALITY,
        DataItem.NATIONAL_INSURANCE_NUMBER,
        DataItem.HOME_OFFICE_REFERENCE,
        DataItem.PASSPORT_REFERENCE,
        DataItem.DEBT,
    }
)
_WORDS = {
    DataItem.NAME: "name",
    DataItem.CHANGE_OF_NAME: "earlier names",
    DataItem.LAST_KNOWN_ADDRESS: "last known address",
    DataItem.DATE_OF_BIRTH: "date of birth",
    DataItem.GENDER: "gender",
    DataItem.PRIMARY_CARE_AREA: "primary care area",
    DataItem.NHS_REGISTRATION_DATE: "date of NHS registration",
    DataItem.GP_CONTACT: "name and address of the GP practice",
    DataItem.TELEPHONE: "telephone number",
    DataItem.EMAIL: "e-mail address",
    DataItem.LETTER_FORWARDED: "whether the letter was sent on",
    DataItem.NATIONALITY: "nationality",
    DataItem.NATIONAL_INSURANCE_NUMBER: "National Insurance number",
    DataItem.HOME_OFFICE_REFERENCE: "Home Office reference",
    DataItem.PASSPORT_REFERENCE: "passport or other reference",
    DataItem.DEBT: "what is owed, since when, and what was paid",
    DataItem.NEXT_APPOINTMENT: "next appointment",
    DataItem.CLINIC_ATTENDED: "clinic attended",
    DataItem.DIAGNOSIS: "diagnosis",
    DataItem.MEDICATION: "medication",
}
