import io
import re

from PIL import Image

LOOK = {"brand": "#006600", "hero": "plain", "font": "figtree"}
EN = {"Accept-Language": "en"}


def picture(colour="navy", name="town.png"):
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "PNG")
    content.seek(0)
    return content, name


def test_a_logo_stands_on_every_page_until_it_is_removed(admin, visitor):
    assert admin.post("/admin/branding", data={**LOOK, "logo": picture()}).status_code == 303
    page = visitor.get("/contact").text
    (address,) = re.findall(r'class="brand" href="/"><img src="(/files/[0-9a-f]{40}\.webp)"', page)
    assert visitor.get(address).status_code == 200
    assert admin.post("/admin/branding", data=LOOK).status_code == 303
    assert address in visitor.get("/contact").text
    assert admin.post("/admin/branding", data={**LOOK, "remove_logo": "y"}).status_code == 303
    assert address not in visitor.get("/contact").text


def test_a_picture_of_the_city_lies_behind_the_greeting(admin, visitor):
    answer = admin.post("/admin/branding", data={**LOOK, "hero": "picture"})
    assert answer.status_code == 422
    assert "Choose a picture" in answer.text
    sent = {**LOOK, "hero": "picture", "picture": picture("teal")}
    assert admin.post("/admin/branding", data=sent).status_code == 303
    assert re.search(r'class="hero__img" src="/files/[0-9a-f]{40}\.webp"', visitor.get("/").text)


def test_what_is_no_picture_is_refused_and_the_rest_is_kept(admin, visitor):
    sent = {**LOOK, "brand": "#123456", "logo": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.svg")}
    answer = admin.post("/admin/branding", data=sent)
    assert answer.status_code == 422
    assert 'value="#123456"' in answer.text
    assert "/files/" not in visitor.get("/contact").text


def test_letters_are_chosen_from_five_and_change_the_style_sheet(admin, visitor):
    before = re.search(r'href="(/theme.css\?v=\w+)"', visitor.get("/").text)[1]
    assert admin.post("/admin/branding", data={**LOOK, "font": "serif"}).status_code == 303
    after = re.search(r'href="(/theme.css\?v=\w+)"', visitor.get("/").text)[1]
    assert before != after
    assert "Iowan Old Style" in visitor.get(after).text
    assert admin.post("/admin/branding", data={**LOOK, "font": "comic"}).status_code == 422


def test_the_preview_shows_logo_and_letters_and_keeps_nothing(admin, visitor):
    page = admin.post("/admin/branding/preview", data={**LOOK, "font": "slab", "logo": picture()}).text
    assert "font=slab" in page
    assert re.search(r'class="brand"><img src="/files/', page)
    assert "Rockwell" in admin.get("/admin/branding/006600.css?font=slab").text
    assert "/files/" not in visitor.get("/contact").text


def test_undoing_brings_back_letters_and_foot(admin, visitor):
    admin.post("/admin/branding", data={**LOOK, "footer-fr": "Ouvert de 9 h à 17 h"})
    admin.post("/admin/branding", data={**LOOK, "font": "serif", "footer-fr": "Fermé"})
    assert "Fermé" in visitor.get("/contact").text
    assert admin.post("/admin/branding/undo").status_code == 303
    page = visitor.get("/contact").text
    assert "Ouvert de 9 h à 17 h" in page
    assert "Fermé" not in page


def test_the_foot_is_marked_when_it_is_in_another_language(admin, visitor):
    admin.post("/admin/branding", data={**LOOK, "footer-fr": "Ouvert <b>le</b> jour"})
    assert (
        '<span lang="fr">Ouvert &lt;b&gt;le&lt;/b&gt; jour</span>' in visitor.get("/contact", headers=EN).text
    )


def test_texts_tell_what_is_missing_and_readers_get_another_language(admin, visitor):
    page = admin.get("/admin/texts").text
    assert page.count("Not written") == 5
    sent = {"words-fr": "Tél. **01 23**\n\n<script>x</script>"}
    assert admin.post("/admin/texts/contact", data=sent).status_code == 303
    page = admin.get("/admin/texts").text
    assert "Missing: English" in page
    shown = visitor.get("/contact", headers=EN).text
    assert "<strong>01 23</strong>" in shown
    assert "<script>x" not in shown
    assert "This text is in French" in shown
    assert "1 text is incomplete." in admin.get("/admin/settings").text
    assert "Changed one of the city" in admin.get("/admin/audit").text


def test_the_welcome_stands_on_the_home_page_and_branding_leaves_it_alone(admin, visitor):
    assert admin.post("/admin/texts/welcome", data={"words-fr": "Bienvenue à tous"}).status_code == 303
    assert "Bienvenue à tous" in visitor.get("/").text
    admin.post("/admin/branding", data={**LOOK, "font": "serif"})
    assert "Bienvenue à tous" in visitor.get("/").text


def test_texts_that_are_too_long_or_unknown_are_refused(admin, site):
    assert admin.post("/admin/texts/welcome", data={"words-fr": "x" * 601}).status_code == 422
    assert admin.get("/admin/texts/tagline").status_code == 404
    assert admin.get("/admin/texts/nothing").status_code == 404
    assert site(role="editor").get("/admin/texts").status_code == 403
