"""What pages need besides themselves."""

from django.urls import path

from home.feedback import views

app_name = "feedback"

urlpatterns = [
    path("feedback/", views.send, name="send"),
    path("feedback/thanks/", views.thanks, name="thanks"),
]
