from django.urls import path

from beeldkluis.people import (
    acknowledgement_views,
    code_views,
    handover_views,
    key_views,
    recovery_views,
    review_views,
    succession_views,
    views,
)

app_name = "people"
urlpatterns = [
    path("handhavers/", views.officers, name="officers"),
    path("handhavers/nieuw/", views.add_officer, name="add-officer"),
    path("handhavers/<str:number>/adres/", views.address, name="address"),
    path("handhavers/<str:number>/uit-dienst/", views.end_officer, name="end-officer"),
    path("handhavers/<str:number>/code/", code_views.give, name="give-code"),
    path("code-bevestigen/<str:token>/", code_views.confirm, name="confirm-code"),
    path("loglijst/", acknowledgement_views.register, name="register"),
    path("loglijst/scan/<int:signature>/", acknowledgement_views.scan, name="scan"),
    path("loglijst/<str:number>/link/", acknowledgement_views.make_link, name="make-link"),
    path("loglijst/<str:number>/papier/", acknowledgement_views.paper, name="paper"),
    path("tekenen/", acknowledgement_views.sign, name="sign"),
    path("tekenen/<str:token>/", acknowledgement_views.sign_by_link, name="sign-by-link"),
    path("rechten/", review_views.rights, name="rights"),
    path("sleutels/", key_views.keys, name="keys"),
    path("sleutels/maken/", key_views.ceremony, name="ceremony"),
    path("vervanging/", succession_views.deputation, name="deputation"),
    path("vervanging/nood/", succession_views.emergency, name="emergency"),
    path("vervanging/einde/", succession_views.end, name="end-deputation"),
    path("sleutels/kopie/", succession_views.copy, name="copy"),
    path("sleutels/kopie/<int:person>/", succession_views.record_copy, name="record-copy"),
    path("sleutels/overdragen/", handover_views.handover, name="handover"),
    path("sleutels/overdragen/begin/", handover_views.begin, name="handover-begin"),
    path("sleutels/overdragen/volgende/", handover_views.following, name="handover-next"),
    path("sleutels/overdragen/<int:item>/", handover_views.reseal, name="handover-reseal"),
    path("sleutels/overdragen/klaar/", handover_views.finish, name="handover-finish"),
    path("sleutels/herstel/vraag/", recovery_views.ask, name="recovery-ask"),
    path("sleutels/herstel/antwoord/", recovery_views.show, name="recovery-show"),
    path("sleutels/vastleggen/", key_views.record_ceremony, name="record-ceremony"),
]
