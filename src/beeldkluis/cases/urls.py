from django.urls import path

from beeldkluis.cases import apart_views, erasing_views, step_views, views

app_name = "cases"
urlpatterns = [
    path("opnames/<uuid:recording>/apart/", apart_views.apart, name="apart"),
    path("verzoeken/", views.index, name="list"),
    path("verzoeken/nieuw/", views.register, name="register"),
    path("verzoeken/bewaartermijnen/", erasing_views.terms, name="terms"),
    path("verzoeken/<str:reference>/", views.case, name="case"),
    path("verzoeken/<str:reference>/aanvullen/", views.complete, name="complete"),
    path("verzoeken/<str:reference>/doorzetten/", views.forward, name="forward"),
    path("verzoeken/<str:reference>/opname/", views.link_by_number, name="link-by-number"),
    path("verzoeken/<str:reference>/opname/<uuid:recording>/hoort-erbij/", views.link, name="link"),
    path("verzoeken/<str:reference>/opname/<uuid:recording>/hoort-er-niet-bij/", views.reject, name="reject"),
    path("verzoeken/<str:reference>/besluit/", views.decide, name="decide"),
    path("verzoeken/<str:reference>/sluiten/", views.close, name="close"),
    path("verzoeken/<str:reference>/stap/<str:slug>/", step_views.step, name="step"),
    path("verzoeken/<str:reference>/rechtsmiddel/<int:remedy>/", step_views.settle, name="settle"),
    path("verzoeken/<str:reference>/brief/<int:number>/", step_views.letter, name="letter"),
    path("verzoeken/<str:reference>/brief/<int:number>/pdf/", step_views.letter_pdf, name="letter-pdf"),
    path("verzoeken/<str:reference>/brief/<int:number>/versturen/", step_views.send_letter, name="send-letter"),
    path("verzoeken/<str:reference>/stuk/<int:number>/", step_views.document, name="document"),
]
