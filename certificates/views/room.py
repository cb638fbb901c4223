"""The blueprint that every module of this folder registers its pages on."""

from flask import Blueprint

from certificates import contacts, keys, states
from certificates.certificates import number
from certificates.codes import grouped
from certificates.facts import Facts

blueprint = Blueprint("certificates", __name__)
blueprint.add_app_template_filter(grouped, "grouped")
blueprint.add_app_template_filter(Facts.from_json, "facts")
blueprint.add_app_template_filter(states.of, "certificate_state")
blueprint.add_app_template_filter(number, "certificate_number")
blueprint.add_app_template_global(keys.is_demo, "signed_by_demo_key")
blueprint.add_app_template_global(contacts.of_issuer, "issuer_contact")
