from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "beeldkluis.web"
    label = "web"
