"""Addresses of the web room itself."""

from django.urls import path

from beeldkluis.web import (
    arrival_views,
    contact_views,
    incident_views,
    outbox_views,
    people_views,
    protocol_views,
    public_views,
    views,
)

app_name = "web"
urlpatterns = [
    path("", views.start, name="start"),
    path("over-bodycams/", public_views.about, name="public"),
    path("over-bodycams/protocol.pdf", public_views.protocol_pdf, name="public-protocol"),
    path("over-bodycams/formulier.pdf", public_views.form_pdf, name="public-form"),
    path("over-bodycams/verzoek/", public_views.ask, name="public-request"),
    path("over-bodycams/verzoek/ontvangen/", public_views.received, name="public-received"),
    path("over-bodycams/kan-niet/", public_views.cannot, name="public-cannot"),
    path("over-bodycams/logboek/", public_views.journal, name="public-journal"),
    path(".well-known/security.txt", public_views.security_txt, name="security-txt"),
    path("installatie/", views.installation, name="installation"),
    path("gezond/", views.health, name="health"),
    path("gereed/", views.readiness, name="readiness"),
    path("instellen/", arrival_views.set_up, name="set-up"),
    path("uitnodiging/", arrival_views.invitation, name="invitation"),
    path("uitnodiging/<str:token>/", arrival_views.invitation_link, name="invitation-link"),
    path("demo/in/<str:token>/", arrival_views.enter_demonstration, name="enter-demonstration"),
    path("gegevens/", contact_views.contact, name="contact"),
    path("protocol/", protocol_views.versions, name="protocol-versions"),
    path("protocol/nieuw/", protocol_views.draft, name="protocol-draft"),
    path("protocol/<str:number>/", protocol_views.version, name="protocol-version"),
    path("protocol/<str:number>/pdf/", protocol_views.pdf, name="protocol-pdf"),
    path("protocol/<str:number>/loglijst/pdf/", protocol_views.log_list, name="log-list-pdf"),
    path("protocol/<str:number>/tekst/", protocol_views.text, name="protocol-text"),
    path("protocol/<str:number>/voorstellen/", protocol_views.propose, name="protocol-propose"),
    path("protocol/<str:number>/vaststellen/", protocol_views.publish, name="protocol-publish"),
    path("protocol/<str:number>/intrekken/", protocol_views.withdraw, name="protocol-withdraw"),
    path("incidenten/<int:number>/pdf/", incident_views.pdf, name="incident-pdf"),
    path("berichten/", outbox_views.messages, name="messages"),
    path("berichten/<int:number>/nu/", outbox_views.try_now, name="message-now"),
    path("berichten/<int:number>/intrekken/", outbox_views.withdraw, name="message-withdraw"),
    path("medewerkers/", people_views.staff, name="staff"),
    path("medewerkers/nieuw/", people_views.add, name="add-person"),
    path("medewerkers/<int:pk>/toegang/", people_views.new_access, name="new-access"),
    path("medewerkers/<int:pk>/uitschakelen/", people_views.deactivate, name="deactivate-person"),
]
