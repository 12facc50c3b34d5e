"""People in front of pages, without JavaScript: they read a page and send the forms they find on it."""

from app.testing.persons.forms import Form, forms_of
from app.testing.persons.person import Answer, Person, Unexpected
from app.testing.persons.roads import Inside, Network

__all__ = ["Answer", "Form", "Inside", "Network", "Person", "Unexpected", "forms_of"]
